# Signals a program in a container: signal.sh TOKEN SIGNAL SCOPE
# The program and what it started carry TOKEN in their environment. SCOPE is "foreground" for its terminal's foreground,
# "group" for the program and its children, "all" for its session and its descendants, whatever session they made: not for
# what it has let go of (a server of screen or tmux). Exits 3 if there is none.
token=$1 signal=$2 scope=$3
cd /proc || exit 1
carriers=$(grep -lzsx "TAPEDECK_EXEC=$token" [0-9]*/environ)
leader= group= foreground= all= known=
for file in $carriers; do
  pid=${file%/environ}
  stat=
  { read -r stat <"$pid/stat"; } 2>/dev/null || continue
  set -- ${stat##*) }
  # $1 is the state, $2 the parent, $3 the process group, $4 the session, $6 the terminal's foreground group (proc(5)).
  [ "$1" = Z ] && continue
  all="$all $pid" known="$known $pid:$2"
  if [ "$4" = "$pid" ]; then
    leader=$pid group=$3 foreground=$6
  fi
done
case $scope in
  all)
    [ -n "$leader" ] || exit 3
    tree=" $leader " before=
    while [ "$tree" != "$before" ]; do
      before=$tree
      for one in $known; do
        case $tree in
          *" ${one%:*} "*) ;;
          *" ${one#*:} "*) tree="$tree${one%:*} " ;;
        esac
      done
    done
    all=$tree
    for file in [0-9]*/stat; do
      pid=${file%/stat}
      stat=
      { read -r stat <"$file"; } 2>/dev/null || continue
      set -- ${stat##*) }
      [ "$4" = "$leader" ] && all="$all $pid"
    done
    kill "-$signal" $all 2>/dev/null
    exit 0
    ;;
  foreground) [ "${foreground:-0}" -gt 0 ] && group=$foreground ;;
esac
[ -n "$leader" ] && kill "-$signal" "-$group" 2>/dev/null || exit 3
