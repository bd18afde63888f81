# Signals a program in a container: signal.sh TOKEN SIGNAL SCOPE
# The program and what it started carry TOKEN in their environment. SCOPE is "foreground" for its terminal's foreground,
# "group" for the program and its children, "all" for everything that it started, however it hid. Exits 3 if there is none.
token=$1 signal=$2 scope=$3
cd /proc || exit 1
carriers=$(grep -lzsx "TAPEDECK_EXEC=$token" [0-9]*/environ)
leader= group= foreground= all=
for file in $carriers; do
  pid=${file%/environ}
  stat=
  { read -r stat <"$pid/stat"; } 2>/dev/null || continue
  set -- ${stat##*) }
  # $1 is the state, $3 the process group, $4 the session, $6 the terminal's foreground group (proc(5)).
  [ "$1" = Z ] && continue
  all="$all $pid"
  if [ "$4" = "$pid" ]; then
    leader=$pid group=$3 foreground=$6
  fi
done
case $scope in
  all)
    [ -n "$all" ] || exit 3
    for file in [0-9]*/stat; do
      pid=${file%/stat}
      stat=
      { read -r stat <"$file"; } 2>/dev/null || continue
      set -- ${stat##*) }
      [ -n "$leader" ] && [ "$4" = "$leader" ] && all="$all $pid"
    done
    kill "-$signal" $all 2>/dev/null
    exit 0
    ;;
  foreground) [ "${foreground:-0}" -gt 0 ] && group=$foreground ;;
esac
[ -n "$leader" ] && kill "-$signal" "-$group" 2>/dev/null || exit 3
