#!/bin/sh
# Runs one lab, as pid 1 of its namespaces: a bridge, the hosts on it, and then a wait for the end of standard input.
# usage: top.sh FOLDER, with `FOLDER/hosts` listing "NAME ADDRESS LINK", a host a line.
# Prints "lab PID", then "NAME PID" for each host once its sshd listens; the pids are those the machine knows.
set -eu
folder=$1
scripts=$(dirname "$0")

# /proc is still the machine's here, so this is the machine's number for this shell, where $$ would be 1.
read -r pid _ </proc/self/stat
echo "lab $pid"

mkdir "$folder/live"
mount -t tmpfs -o mode=755 steward-lab "$folder/live"
ip -batch - <<'END'
link set lo up
link add bridge type bridge forward_delay 0
addr add 198.18.0.1/15 dev bridge
link set bridge up
END

while read -r name address link; do
  unshare --mount --net --pid --uts --ipc --fork --kill-child=KILL \
    sh "$scripts/host.sh" "$folder" "$name" "$address" "$link" "$pid" </dev/null &
done <"$folder/hosts"

while read -r word; do
  # From here on the lab no longer depends on its starter, and holds none of its pipes.
  # shellcheck disable=SC2217 # sleep reads nothing, but has what it was given open
  [ "$word" != keep ] || exec sleep infinity </dev/null >/dev/null 2>&1
done
