/** The shell function behind everything that is done with a host's lock. */
import { frameFunctions } from '../model/frame.js'

/**
 * Defines `steward_lock VERB`, to be called in `$(…)` alone: nothing that it sets, opens or changes into is left to the
 * script around it. `verbs` are the branches of a `case`; each ends by `answer WORD [TEXT]` or becomes the one command that
 * changes the lock.
 *
 * The place is `~/.steward/NODE/lock`. NODE is the host's own name, as several hosts may share a home by NFS. The home
 * is $HOME where it belongs to the login, else the one in the user database, else there is `/tmp/.steward-UID`: only
 * what lasts decides, so that all agree on the place; a home of the login's own that is full or read-only is refused.
 * Two logins on one host have two places and do not keep each other out.
 *
 * Who looks at the lock or changes it first has the turn: a file that its process is named in. It is had by who, having
 * made its own, sees no other: of two at once at most one can. The first by name keeps its own and waits, the others
 * step back, so that it always goes on. What a dead process has left is removed by anybody, at any time, as its name is
 * never used again. This needs no flock(1), which is not everywhere, and on which two shells with different PATHs would
 * not agree.
 *
 * The turn is as good as its process: no command that changes the lock may outlive it. So the process becomes that
 * command (`exec`), its last. Renaming the turn, with the lock's text in it by then, to the lock ends both in one step.
 */
export const lockFunction = (
  nonce: string,
  verbs: string,
): string => `# A /proc of other processes than ours proves nothing about ours.
steward_proc=/nonexistent
{ read -r steward_seen steward_rest </proc/self/stat && [ "$steward_seen" = $$ ] && steward_proc=/proc; } 2>/dev/null
steward_lock() {
exec 2>/dev/null
set +e +f +u +C
unset IFS CDPATH
PATH=/usr/bin:/bin:/usr/sbin:/sbin\${PATH:+:$PATH} LC_ALL=C
export PATH LC_ALL
umask 077
turn=
newline='
'
answer() {
  [ -z "$turn" ] || rm -f "$turn"
  printf '%s\\n' "$@"
  exit 0
}
${placeFunctions}
${proofFunctions}
${turnFunctions(nonce)}
proc=$steward_proc
read -r me rest <"$proc/self/stat" || me=$(exec /bin/sh -c 'echo $PPID')
case $1 in
${verbs}
esac
}`

const placeFunctions = `# The mode and owner of a file; its name is one of ours, with nothing in it that ls or the shell would split.
sight() {
  set -- $(ls -ldn "$1")
  mode=$1 owner=$3
}
go_home() {
  case $1 in /*) cd "$1" && sight . && [ "$owner" = "$uid" ] ;; *) false ;; esac
}
listed_home() {
  user=$(id -un)
  case $user in '' | [!A-Za-z_]* | *[!A-Za-z0-9_.-]*) ;; *) eval "printf '%s' ~$user" ;; esac
}
# All is as it should be, by a single look: a fork for each of these would take longer than all else that a start does.
is_in_order() {
  case $HOME in /*) ;; *) return 1 ;; esac
  cd "$HOME" && [ ! -L .steward ] && cd .steward && [ ! -L "$node" ] && cd "$node" || return 1
  set -- $(ls -ldn . .. ../.. lock)
  [ "$9 \${18} \${27} $3 \${12} \${21}" = ". .. ../.. $uid $uid $uid" ] || return 1
  is_closed "$1" && is_closed "\${10}" || return 1
  case "$# \${28-} \${30-}" in
    "27  ") ;;
    "36 -rw-------"*" $uid") ;;
    *) return 1 ;;
  esac
}
is_closed() {
  case $1 in drwx--[-S]--- | drwx--[-S]---[.+@]) ;; *) return 1 ;; esac
}
# go_to_lock make|look
go_to_lock() {
  key=
  while read -r key real uid rest && [ "$key" != Uid: ]; do :; done <"$proc/self/status"
  [ "$key" = Uid: ] || uid=$(id -u)
  read -r node <"$proc/sys/kernel/hostname" || node=$(uname -n)
  case $node in '' | [!A-Za-z0-9]* | *[!A-Za-z0-9._-]*) node=host ;; esac
  ! is_in_order || return 0
  folder=.steward
  if ! go_home "$HOME" && ! go_home "$(listed_home)"; then
    cd /tmp || answer refused 'this login has neither a home nor /tmp'
    sight .
    # Without the sticky bit anybody could put another folder in the place of ours.
    case "$owner $mode" in '0 d'????????[tT]*) ;; *) answer refused "/tmp is not safe for a lock: its mode is $mode" ;; esac
    folder=.steward-$uid
  fi
  enter "$folder" "$1"
  enter "$node" "$1"
  [ ! -L lock ] || answer refused "$PWD/lock is a symbolic link"
  [ -e lock ] || return 0
  [ -f lock ] || answer refused "$PWD/lock is not a regular file"
  sight lock
  # It may have been released since.
  [ -n "$mode" ] || return 0
  [ "$owner" = "$uid" ] || answer refused "$PWD/lock belongs to uid $owner, not to this login's $uid"
  case $mode in -rw-------*) ;; *) answer refused "$PWD/lock is open to others: its mode is $mode" ;; esac
}
enter() {
  if [ ! -e "$1" ] && [ ! -L "$1" ]; then
    [ "$2" = make ] || answer none
    # Of two that make it at once, one is told that it is there.
    mkdir -m 700 "$1" || [ -d "$1" ] || answer refused "$PWD/$1 cannot be made: full, read-only or not permitted"
  fi
  [ ! -L "$1" ] || answer refused "$PWD/$1 is a symbolic link"
  [ -d "$1" ] || answer refused "$PWD/$1 is not a folder"
  cd "$1" || answer refused "$PWD/$1 cannot be entered"
  sight .
  [ "$owner" = "$uid" ] || answer refused "$PWD belongs to uid $owner, not to this login's $uid"
  is_closed "$mode" || answer refused "$PWD is open to others, or closed to us: its mode is $mode, not 0700"
}`

const proofFunctions = `# Field 22 of /proc/PID/stat (proc(5)): - where there is none to be read; a zombie has ended.
ticks_of() {
  ticks=- stat= line=
  while IFS= read -r line || [ -n "$line" ]; do stat=$stat$line; done <"$proc/$1/stat"
  [ -n "$stat" ] || return 0
  fields=\${stat##*\\) }
  set -- $fields
  case $1 in [ZX]) ticks=ended ;; *) ticks=\${20:--} ;; esac
}
# gone PID TICKS: proved, else it is taken to live.
gone() {
  case $1 in '' | *[!0-9]*) return 1 ;; esac
  ticks_of "$1"
  case $ticks in
    ended) return 0 ;;
    -) ;;
    *) [ "$2" != - ] && [ "$ticks" != "$2" ]; return ;;
  esac
  # It may only be hidden (hidepid, another uid): the kernel says of those that they are not permitted, or nothing.
  said=$(kill -0 "$1" 2>&1) && return 1
  case $said in *[Nn]o\\ such\\ process*) return 0 ;; esac
  return 1
}
where_we_are() {
  boot_now=- space_now=-
  [ ! -r /proc/sys/kernel/random/boot_id ] || read -r boot_now </proc/sys/kernel/random/boot_id
  space_now=$(readlink "$proc/self/ns/pid") || space_now=-
}
read_lock() {
  run= since= boot=- space=- living= whole=
  while read -r key rest; do
    case $key in
      run) run=$rest ;;
      since) since=$rest ;;
      boot) boot=$rest ;;
      space) space=$rest ;;
      witness)
        pid=\${rest#* }
        gone "\${pid%% *}" "\${pid#* }" || living="$living\${newline}witness $rest"
        ;;
      end) whole=yes ;;
    esac
  done <lock
}
# Is the holder proved dead? A pid says nothing where pids are counted anew: in a container, or after a boot.
is_dead() {
  [ -n "$whole" ] || return 1
  case " $boot $boot_now " in *' - '*) ;; *) [ "$boot" = "$boot_now" ] || return 0 ;; esac
  case " $space $space_now " in *' - '*) ;; *) [ "$space" = "$space_now" ] || return 1 ;; esac
  [ -z "$living" ]
}`

/** What a script sleeps while it waits for its turn, whatever the host's clock does; one turn takes some 20 ms. */
const maxWaitMs = 4_000

const turnFunctions = (nonce: string): string => `take_turn() {
  ticks_of "$me"
  turn=turn.$me.$ticks.${nonce}
  slept=0
  while :; do
    printf '' >>"$turn" || answer refused "nothing can be written in $PWD: full, read-only or not permitted"
    first= others=
    for other in turn.*; do
      if [ "$other" != "$turn" ]; then
        rest=\${other#turn.}
        pid=\${rest%%.*}
        rest=\${rest#*.}
        if gone "$pid" "\${rest%%.*}"; then
          rm -f "$other"
          continue
        fi
        others=yes
      fi
      [ -n "$first" ] || first=$other
    done
    [ -n "$others" ] || return 0
    [ "$first" = "$turn" ] || rm -f "$turn"
    [ $slept -lt ${maxWaitMs} ] || answer busy
    # Not every sleep knows fractions.
    sleep 0.02 && slept=$((slept + 20)) || { sleep 1; slept=$((slept + 1000)); }
  done
}`

/** Runs a verb and keeps what it says in `steward_said`; a command that could not change the lock has said nothing true. */
export const askLock = (
  verb: string,
): string => `steward_said=$(steward_lock ${verb} </dev/null) || steward_said='refused
it cannot be written: full, read-only or not permitted'`

/** Prints it as the frame's only section, `lock`. */
export const tellLock = (nonce: string): string => `(
${frameFunctions(nonce)}
frame begin
section lock sh
printf '%s\\n' "$steward_said"
ended 0
frame end
)`
