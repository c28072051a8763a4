#!/bin/sh
# Makes one host of the lab from inside its namespaces, starts its sshd, and becomes its pid 1.
# usage: host.sh FOLDER NAME ADDRESS LINK LAB-PID
set -eu
umask 022
folder=$1 name=$2 address=$3 link=$4 lab=$5
read -r pid _ </proc/self/stat # as the machine numbers it: /proc is still the machine's
trap 'echo "$name failed"' EXIT # not run when all goes well and this shell becomes init

hostname "$name"

# eth0 here, $link on the bridge in the lab's namespace.
ip link add eth0 type veth peer name "$link" netns "/proc/$lab/ns/net"
nsenter --net="/proc/$lab/ns/net" ip link set "$link" master bridge up
ip -batch - <<END
link set lo up
addr add $address/15 dev eth0
link set eth0 up
END

# The root file system: the machine's programs and settings below, whatever the host writes above.
base=$folder/live/$name
upper=$base/upper
mkdir -p "$upper/etc" "$upper/var" "$base/work" "$base/root"
# A 0:0 device in the upper layer hides what is below it (kernel documentation, overlayfs, whiteouts).
hide() { mknod "$upper$1" c 0 0; }
for path in /* /.[!.]*; do
  case $path in
  /bin | /sbin | /lib | /lib32 | /lib64 | /libx32 | /usr | /etc | /var) ;;
  *) [ ! -e "$path" ] || hide "$path" ;;
  esac
done
for path in /etc/ssh /etc/motd /var/log /var/tmp /var/spool; do [ ! -e "$path" ] || hide "$path"; done
mount -t overlay -o "lowerdir=/,upperdir=$upper,workdir=$base/work" "$name" "$base/root"

cd "$base/root"
mkdir dev home machine media mnt opt proc run run/lock run/sshd srv sys var/log var/spool
mkdir -m 1777 tmp var/tmp
mkdir -m 700 root
cp -R "$folder/seed/all/." "$folder/seed/$name/." .
cat /proc/sys/kernel/random/uuid >run/boot_id
tr -d - </proc/sys/kernel/random/uuid >etc/machine-id

mount -t proc proc proc
mount --bind run/boot_id proc/sys/kernel/random/boot_id
mount -t sysfs -o ro sysfs sys
mount -t tmpfs -o mode=755 dev dev
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=666,mode=620,gid=5 devpts dev/pts
mount -t tmpfs -o mode=1777 shm dev/shm
ln -s pts/ptmx /proc/self/fd dev
ln -s /proc/self/fd/0 dev/stdin
ln -s /proc/self/fd/1 dev/stdout
ln -s /proc/self/fd/2 dev/stderr
while read -r device minor; do mknod -m 666 "dev/$device" c 1 "$minor"; done <<'END'
null 3
zero 5
full 7
random 8
urandom 9
END
mknod -m 666 dev/tty c 5 0

pivot_root . machine
cd /
umount -l /machine
rmdir /machine

export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
ssh-keygen -q -t ed25519 -N '' -C "$name" -f /etc/ssh/ssh_host_ed25519_key
env -i PATH="$PATH" /usr/sbin/sshd -E /var/log/sshd.log || {
  cat /var/log/sshd.log >&2
  exit 1
}
until [ -s /run/sshd.pid ]; do sleep 0.01; done # sshd writes it once it listens

echo "$name $pid"
# With SIGCHLD ignored the kernel reaps every orphan: all the work a pid 1 has.
# shellcheck disable=SC2016 # the dollars are perl's
exec env -i PATH="$PATH" perl -e '$0 = "init"; $SIG{CHLD} = "IGNORE"; sleep while 1' </dev/null >/dev/null 2>&1
