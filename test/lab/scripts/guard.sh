#!/bin/sh
# Keeps one lab: makes its folder, runs the lab in namespaces of its own, and removes the folder when that has ended.
# usage: guard.sh PARENT-FOLDER, with the starter at the other end of standard input and output.
#
# Whatever dies takes the rest with it: the starter, and standard input ends; this shell, and setpriv has the kernel
# kill unshare; unshare, and the kernel kills the lab's pid 1, and with it all the processes of all the hosts. The
# mounts, bridges and veths are in namespaces that end with the last process in them.
set -eu
scripts=$(dirname "$0")

# Pid and start time in the name tell anyone whether this shell still lives, from the first moment the folder is there.
started=$(cut -d ' ' -f 22 "/proc/$$/stat")
folder=$(mktemp -d "$1/steward-lab-$$-$started-XXXXXX")
trap 'rm -rf --one-file-system "$folder"' EXIT
trap : PIPE # the starter may be dead already: then let echo fail, and the folder be removed
# Here, and not by the starter: what a dead starter's children still write would stand in the way of removing it all.
mkdir -m 700 "$folder/home" "$folder/home/.ssh"
ssh-keygen -q -t ed25519 -N '' -C 'steward lab' -f "$folder/home/.ssh/id_ed25519"
echo "$folder"

read -r _ || exit 0 # the starter has filled the folder
setpriv --pdeathsig KILL unshare --mount --net --pid --fork --kill-child=KILL sh "$scripts/top.sh" "$folder"
