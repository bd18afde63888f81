# The first process of a sandbox. Runs as uid 1000 with all capabilities in new user, mount, pid,
# network, uts, ipc and cgroup namespaces, with the host's files still in view; ends without any
# capability that could do something, in a root of its own.
#
#   started -> "pid N" -> root built, host detached -> "ready" -> reads "NAME HOME" -> "named" -> waits for the end of its input
#
# Arguments: limit of the writable folders in bytes, of their inodes, then for each mount four: "folder" or "file", "ro" or
# "rw", the host's path as fstab(5) writes it, and the path inside. Anything said on stderr before "ready" is why it failed.
set -eu
umask 022
disk_bytes=$1 inodes=$2
shift 2
unset TAPEDECK_INIT
read -r pid _ </proc/self/stat # of the host's procfs, hence the host's number
echo "pid $pid"

for root in /mnt /media /srv /tmp; do [ -d "$root" ] && break; done
mount -t tmpfs -o mode=755,nosuid,nodev,size=4m,nr_inodes=2048 root "$root"
cd "$root"
mkdir -p usr etc/ssl proc dev/pts dev/shm tmp var/tmp var/log var/cache var/lib run home root old rw opt mnt srv
mount -t tmpfs -o "mode=755,nosuid,nodev,size=$disk_bytes,nr_inodes=$inodes" rw rw
mkdir -m 1777 rw/tmp rw/vartmp rw/shm
mkdir rw/home rw/run
mkdir -m 700 rw/root

# One table for one mount(8): each call of it costs a millisecond.
{
  echo "/usr $root/usr none rbind,ro,nosuid,nodev 0 0"
  for folder in bin sbin lib lib32 lib64 libx32; do
    if [ -L "/$folder" ]; then
      cp -P "/$folder" "$folder"
    elif [ -d "/$folder" ]; then
      mkdir "$folder"
      echo "/$folder $root/$folder none rbind,ro,nosuid,nodev 0 0"
    fi
  done
  for path in ld.so.cache ld.so.conf ld.so.conf.d alternatives ssl/certs ssl/openssl.cnf ca-certificates.conf \
    $(cd /etc && ls -d java-* 2>/dev/null) pki/tls/certs pki/ca-trust terminfo timezone bash.bashrc inputrc vim; do
    [ -e "/etc/$path" ] || continue
    case $path in */*) mkdir -p "etc/${path%/*}" ;; esac
    if [ -d "/etc/$path" ]; then mkdir "etc/$path"; else : >"etc/$path"; fi
    echo "/etc/$path $root/etc/$path none rbind,ro,nosuid,nodev 0 0"
  done
  for device in null zero full random urandom tty; do
    : >"dev/$device"
    echo "/dev/$device $root/dev/$device none bind,nosuid 0 0"
  done
  echo "devpts $root/dev/pts devpts newinstance,ptmxmode=0666,mode=0620,uid=1000,gid=1000,nosuid,noexec,max=64 0 0"
  echo "$root/rw/tmp $root/tmp none bind 0 0"
  echo "$root/rw/vartmp $root/var/tmp none bind 0 0"
  echo "$root/rw/shm $root/dev/shm none bind 0 0"
  echo "$root/rw/run $root/run none bind 0 0"
  echo "$root/rw/home $root/home none bind 0 0"
  echo "$root/rw/root $root/root none bind 0 0"
  echo "proc $root/proc proc nosuid,nodev,noexec 0 0"
  for path in sys bus fs irq; do
    [ -d "/proc/$path" ] && echo "$root/proc/$path $root/proc/$path none bind,ro,nosuid,nodev,noexec 0 0"
  done
  for path in acpi scsi; do
    [ -d "/proc/$path" ] && echo "empty $root/proc/$path tmpfs ro,nosuid,nodev,noexec,size=4k 0 0"
  done
  for path in kcore keys key-users timer_list sched_debug latency_stats sysrq-trigger kmsg kpagecount kpageflags kpagecgroup kallsyms interrupts; do
    [ -e "/proc/$path" ] && echo "/dev/null $root/proc/$path none bind,ro,nosuid,noexec 0 0"
  done
  while [ $# -ge 4 ]; do
    # Home folders are made below rw, which is mounted over them before.
    case $4 in /home/* | /root) at=rw$4 ;; *) at=.$4 ;; esac
    mkdir -p "${at%/*}"
    if [ "$1" = folder ]; then mkdir -p "$at"; else : >"$at"; fi
    [ "$2" = rw ] || echo "$root$4" >>closed
    printf '%s\n' "$3 $root$4 none rbind,$2,nosuid,nodev 0 0" # echo would undo the escapes
    shift 4
  done
} >table

ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
ln -s /proc/self/fd/0 dev/stdin
ln -s /proc/self/fd/1 dev/stdout
ln -s /proc/self/fd/2 dev/stderr
ln -s ../proc/self/mounts etc/mtab
ln -s /run var/run
[ ! -e /etc/os-release ] || cp /etc/os-release etc/os-release # a link on most machines, to what may be anywhere
[ ! -L /etc/localtime ] || cp -P /etc/localtime etc/localtime
: >etc/fstab # umount(8) wants one where the user id is not 0
echo sandbox >etc/hostname
printf '127.0.0.1\tlocalhost sandbox\n::1\tlocalhost\n' >etc/hosts
printf 'passwd: files\ngroup: files\nshadow: files\nhosts: files\nservices: files\nprotocols: files\n' >etc/nsswitch.conf
printf '/bin/sh\n/bin/bash\n' >etc/shells
cat >etc/profile <<'PROFILE'
if [ -n "${PS1-}" ] && [ -n "${BASH-}" ] && [ "$BASH" != /bin/sh ]; then
  if [ -f /etc/bash.bashrc ]; then . /etc/bash.bashrc; else PS1='\u@\h:\w\$ '; fi
fi
PROFILE
mount -a -T "$root/table"
rm table
umount rw
rmdir rw

# A system folder may hold mounts of its own, which "ro" above does not reach.
while read -r _ _ _ _ at options _; do
  case $at in
    "$root"/usr/* | "$root"/lib*/* | "$root"/etc/*/*)
      case $options in ro | ro,*) ;; *) mount -o remount,bind,ro,nosuid,nodev "$at" || umount -l "$at" ;; esac
      ;;
  esac
done </proc/self/mountinfo
if [ -e closed ]; then
  while read -r folder; do
    while read -r _ _ _ _ at options _; do
      case $at in "$folder"/*) case $options in ro | ro,*) ;; *) mount -o remount,bind,ro,nosuid,nodev "$at" || umount -l "$at" ;; esac ;; esac
    done </proc/self/mountinfo
  done <closed
  rm closed
fi

hostname sandbox 2>/dev/null || : 
for kind in user mnt pid net uts ipc cgroup time; do
  [ ! -e "/proc/sys/user/max_${kind}_namespaces" ] || echo 0 >"/proc/sys/user/max_${kind}_namespaces"
done
! ip=$(command -v ip) || "$ip" link set lo up || :

pivot_root . old
cd /
umount -l /old
rmdir /old
echo ready

read -r name home || exit 0 # never taken: the gateway let go
{
  [ "$name" = root ] || echo 'root:x:0:0:root:/root:/usr/sbin/nologin'
  [ "$name" = nobody ] || echo 'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin'
  shell=/bin/sh
  [ ! -x /bin/bash ] || shell=/bin/bash
  echo "$name:x:1000:1000::$home:$shell"
} >/etc/passwd
{
  [ "$name" = root ] || echo 'root:x:0:'
  [ "$name" = nogroup ] || echo 'nogroup:x:65534:'
  echo 'tty:x:5:'
  echo "$name:x:1000:"
} >/etc/group
mkdir -p -m 700 "$home"
mount -o remount,bind,ro,nosuid,nodev /
echo named

# The end of standard input is the gateway's end, also by kill -9, and ends this process and with it all
# others. The one capability that is kept allows nothing in a user namespace (it is asked of the first one
# only), but makes this process more privileged than the sandbox's programs, so that they may neither trace
# it nor hold its pipe open through /proc/1/fd. Ignored SIGCHLD: orphans are reaped by the kernel.
trap '' CHLD
exec setpriv --no-new-privs --inh-caps=-all,+wake_alarm --ambient-caps=-all,+wake_alarm --bounding-set=-all,+wake_alarm \
  cat >/dev/null 2>&1
