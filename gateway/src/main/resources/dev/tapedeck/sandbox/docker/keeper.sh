# The first process of a container. It ends, and the container with it, when its standard input does: the engine closes
# that when the gateway's connection goes, however the gateway ended. Until then it waits, which also reaps orphans.
# As the PID namespace's first process it gets no signal from inside, and as another user than the programs it cannot be
# looked into. Should its cat end otherwise, another one follows.
exec 3<&0
while :; do
  cat <&3 >/dev/null 2>&1 &
  wait $! && exit 0
done
