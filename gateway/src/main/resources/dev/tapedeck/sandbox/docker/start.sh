# Starts a program in a container: start.sh TERMINAL KIND [COMMAND]
# COMMAND is what KIND "command" runs; for "escaped" it is in the escapes of printf %b, as are the values of the variables
# that TAPEDECK_ESCAPED names: the engine takes only UTF-8.
# TERMINAL is "-" for pipes, the path of a terminal that the gateway owns, or "engine" for the engine's.
terminal=$1 kind=$2 command=$3
case $terminal in
  /dev/*)
    # The engine makes this process the leader of a session of its own: the first terminal that it opens becomes its own.
    exec 0<>"$terminal" 1>&0 2>&0 || exit 126
    ;;
  engine)
    # Engines before API 1.42 give the terminal its size only when the program runs already: wait for that, a second at most.
    # Busybox's stty says nothing of a size of 0.
    tries=0
    while command -v stty >/dev/null && [ "$tries" -lt 100 ]; do
      case $(stty size 2>/dev/null) in
        '' | '0 0') sleep 0.01 ;;
        *) break ;;
      esac
      tries=$((tries + 1))
    done
    ;;
esac
case $terminal in
  /dev/*) export SSH_TTY="$terminal" ;;
  engine) SSH_TTY=$(tty) && export SSH_TTY ;;
esac
if [ -x /bin/bash ]; then
  SHELL=/bin/bash
else
  SHELL=/bin/sh
fi
export SHELL
# The engine adds this one to what was asked for.
unset HOSTNAME
# Where the image leaves it to us who is who, the sandbox's first program names its user. Refused names stay without.
if [ ! -e /etc/passwd ] && [ -h /etc/passwd ]; then
  case $USER in
    '' | root | nobody | -* | *[!a-zA-Z0-9._-]*) ;;
    *)
      {
        echo 'root:x:0:0:root:/:/bin/false'
        echo "$USER:x:$(id -u):$(id -g)::$HOME:$SHELL"
        echo 'nobody:x:65534:65534:nobody:/:/bin/false'
      } >"/run/passwd.$$" && chmod 444 "/run/passwd.$$" && mv "/run/passwd.$$" /run/passwd
      ;;
  esac
fi 2>/dev/null
# The full stop keeps line feeds at the end.
for name in $TAPEDECK_ESCAPED; do
  eval "value=\$(printf '%b.' \"\$$name\")"
  export "$name=${value%.}"
done
unset TAPEDECK_ESCAPED
case $kind in
  escaped | escaped-scp)
    command=$(printf '%b.' "$command")
    command=${command%.}
    ;;
esac
set --
case $kind in
  shell) exec "$SHELL" -l ;;
  command | escaped) exec "$SHELL" -c "$command" ;;
  scp | escaped-scp)
    # By its path, and by a shell that reads nothing of the user's.
    for scp in /usr/bin/scp /bin/scp /usr/local/bin/scp; do [ -x $scp ] && break; done
    exec /bin/sh -c "exec $scp$command"
    ;;
  sftp)
    for server in /usr/lib/openssh/sftp-server /usr/libexec/openssh/sftp-server /usr/libexec/sftp-server \
      /usr/lib/ssh/sftp-server /usr/lib/sftp-server; do
      [ -x "$server" ] && exec "$server"
    done
    echo "This sandbox's image has no sftp-server." >&2
    exit 127
    ;;
esac
