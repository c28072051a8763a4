/** The look: one POSIX shell script that prints every table of a host, framed, and changes nothing. */
import { frameFunctions } from '../model/frame.js'
import type { Question } from '../model/ready.js'
import { shellWord } from '../model/shell.js'
import { askCommands, askLogEnd, askOthers, logFunctions } from './checks.js'
import { type PortWait, waitForPorts } from './port-wait.js'
import { askForUnits } from './units.js'

/** What to look for besides processes and sockets. */
export type ProbeRequest = Readonly<{
  /** Files whose lines are wanted. */
  files: readonly string[]
  /** Scripts of which it is wanted whether they can be run, and what systemd believes of them. */
  scripts: readonly string[]
  /** Names of users whose numbers are wanted. */
  users: readonly string[]
  /** Paths of which it is wanted what they are without symbolic links. */
  paths: readonly string[]
  /** Is it wanted which file each process runs, and in which folder? It costs as much again as the arguments. */
  links: boolean
  /** Logs of which it is wanted where they end. */
  logEnds: readonly string[]
  /** What is asked of the host besides: is a service ready? */
  questions: readonly Question[]
  /** Are units, init scripts and the names of users wanted? */
  origins: boolean
  /** What is waited for before anything is looked at. */
  wait: PortWait | null
}>

export const bareRequest: ProbeRequest = {
  files: [],
  scripts: [],
  users: [],
  paths: [],
  links: false,
  logEnds: [],
  questions: [],
  origins: false,
  wait: null,
}

/**
 * The whole is one group, which a shell reads to its end before it runs any of it: a script that was cut on its way
 * does nothing. `nonce` is fresh for every look, so that nothing on the host can have printed it before.
 */
export const probeScript = (nonce: string, request: ProbeRequest): string => `{
${probeBody(nonce, request)}
steward_look </dev/null
exit 0
}
`

/** Defines `steward_look` for use in a larger script; what it sets stays within it. */
export const probeBody = (nonce: string, request: ProbeRequest): string => `steward_look() (
${frameFunctions(nonce)}
frame begin
${askCommands(nonce, request.questions)}
${tablesFor(request)}
frame end
)`

/** Many hosts are asked for the very same. */
const tablesFor = (request: ProbeRequest): string => {
  const text = tableTexts.get(request) ?? tablesText(request)
  tableTexts.set(request, text)
  return text
}

const tableTexts = new WeakMap<ProbeRequest, string>()

const tablesText = (
  request: ProbeRequest,
): string => `# What the login's environment holds must not change what the tools print.
PATH=/usr/bin:/bin:/usr/sbin:/sbin:/usr/xpg4/bin\${PATH:+:$PATH} LC_ALL=C TZ=UTC0
export PATH LC_ALL TZ
unset COLUMNS LINES PS_FORMAT PS_PERSONALITY CMD_ENV I_WANT_A_BROKEN_PS POSIXLY_CORRECT \\
  GREP_OPTIONS GREP_COLOR GREP_COLORS LS_COLORS QUOTING_STYLE TIME_STYLE TABSIZE LS_BLOCK_SIZE BLOCK_SIZE \\
  PROC_ROOT PROC_NET_TCP PROC_NET_TCP6 TCPDIAG_FILE IFS
${newcomerFunctions}
has() { command -v "$1" >/dev/null 2>&1; }
${request.wait === null ? '' : waitForPorts(request.wait)}
section host sh
user=
if [ -r /proc/self/status ]; then
while read -r key real effective others; do [ "$key" != Uid: ] || { user=$effective; break; }; done </proc/self/status
fi
echo "uid \${user:-$(id -u)}"
echo "shell $$"
[ -r /proc/sys/kernel/random/boot_id ] && read -r boot </proc/sys/kernel/random/boot_id && echo "boot $boot"
[ -r /proc/uptime ] && read -r up idle </proc/uptime && echo "uptime $up"
ended 0
${processTables}
${request.links ? links : ''}
${socketTables}
${request.origins ? origins : ''}
${request.files.map(readFile).join('\n')}
section scripts sh
${request.scripts.map(testScript).join('\n')}
ended 0
${askForUnits(request.scripts)}
section users id
${request.users.map(askForUser).join('\n')}
ended 0
section paths readlink
${request.paths.map(resolvePath).join('\n')}
ended 0
${logFunctions}
${request.logEnds.map(askLogEnd).join('\n')}
${askOthers(request.questions)}`

/**
 * Where there is a /proc it tells all, without loss and for all processes at once: a fork for each would cost seconds.
 * Start times come first: whatever is started while the rest is read is seen with its arguments.
 */
const processTables = `last=
if [ -r /proc/self/stat ]; then
section stat grep
command grep -aH '' /proc/[0-9]*/stat 2>/dev/null
ended $?
last=0 from= fresh=
newest
section cmdline grep
command grep -azH '' /proc/[0-9]*/cmdline 2>/dev/null
ended $?
# It fails where a process has ended before it came there, and where grep has no -z.
[ "$code" = 0 ] || command grep -azq '' /proc/self/cmdline 2>/dev/null || last=
fi
if [ -z "\${last:-}" ]; then
start= args=args
# For a column that it does not know toybox prints a help text, and calls that a success. What it calls args is without
# the path of the program.
case $(command ps -o lstart= -p $$ 2>/dev/null) in
*???\\ ???\\ ??\\ ??:??:??\\ ????*) start='-o lstart' ;;
*CMDLINE*) args=cmdline ;;
esac
section ps ps
# Those without -A are for BusyBox, which may be without etime; the last is for systems that have no column by these
# names.
command ps -A -ww -o pid -o ppid -o uid -o stat -o etime $start -o $args 2>/dev/null ||
  command ps -o pid,ppid,user,stat,etime,args 2>/dev/null ||
  command ps -o pid,ppid,user,stat,args 2>/dev/null ||
  command ps -ef 2>/dev/null
ended $?
fi
if [ -r /proc/self/stat ]; then
section status grep
command grep -aH -e '^State:' -e '^PPid:' -e '^Uid:' -e '^NSpid:' -e '^VmSize:' /proc/[0-9]*/status 2>/dev/null
ended $?
[ -z "\${last:-}" ] || newcomers 1
fi`

/** Two looks at once would else see each other's tools for ever; whoever comes after the last has come after the look. */
export const maxSearches = 4

/**
 * Who was started while the tables were read, by the newest pid (/proc/loadavg, proc(5)): their arguments and states are
 * read too, and those of whom was started meanwhile. All are read twice, as one may just have been about to become another
 * program, and where one has ended then, whom it may have left behind is searched for too. The exit code is 2 when the newest pid tells nothing: it is not where a child just forked
 * is, as in a container that is shown its host's (lxcfs), or far too many came. A thread has a number there too.
 */
const newcomerFunctions = `newest() {
  before=$last last=
  : &
  child=$!
  wait "$child"
  [ -r /proc/loadavg ] && read -r one five fifteen running last </proc/loadavg
  [ "\${last:-0}" -ge "$child" ] && [ $((last - child)) -le 500 ] || last=0
}
is_process() {
  key= value=
  while read -r key value; do [ "$key" != Tgid: ] || break; done 2>/dev/null <"/proc/$1/status"
  [ "$value" = "$1" ]
}
newcomers() {
  round=$1 pid=\${from:-$last}
  if [ "$round" -le ${maxSearches} ]; then newest; else before=$last; fi
  from=$before
  section newcomers grep
  if [ "$before" -lt 1 ] || [ "$last" -lt "$before" ] || [ $((last - before)) -gt 2000 ]; then ended 2; return; fi
  set --
  more= earlier=$fresh fresh=' '
  while [ "$pid" -lt "$last" ]; do
    pid=$((pid + 1))
    if is_process "$pid"; then
      set -- "$@" "/proc/$pid/cmdline" "/proc/$pid/status"
      [ "$pid" -le "$before" ] || more=yes fresh="$fresh$pid "
    else
      case $earlier in *" $pid "*) more=yes ;; esac
    fi
  done
  # It ends with 2 when one has ended before it came there.
  [ $# = 0 ] || command grep -azH '' "$@" 2>/dev/null || [ $? -le 2 ] || { ended 3; return; }
  ended 0
  [ "$round" -gt ${maxSearches} ] || [ -z "$more" ] || newcomers $((round + 1))
}`

/** Without -b a name that holds a line break can pass for two lines. BusyBox, which has none, shows no line breaks. */
const links = `if [ -r /proc/self/stat ]; then
if command ls -lnb /proc/self/exe >/dev/null 2>&1; then
section links ls
command ls -lnb /proc/[0-9]*/exe /proc/[0-9]*/cwd 2>/dev/null
ended $?
else
section links busybox
command ls -ln /proc/[0-9]*/exe /proc/[0-9]*/cwd 2>/dev/null
ended $?
fi
fi`

const origins = `section cgroups grep
command grep -aH '' /proc/[0-9]*/cgroup 2>/dev/null
ended $?
section initscripts sh
for file in /etc/init.d/* /etc/rc.d/init.d/* /usr/local/etc/rc.d/*; do
  [ -f "$file" ] && [ -x "$file" ] && printf '%s\\0' "$file"
done
ended 0
section passwd getent
command getent passwd 2>/dev/null || command cat /etc/passwd 2>/dev/null
ended $?`

/** The first that works; each attempt is a section, so that it can be said what was tried. */
const socketTables = `code=1
attempt() {
  [ "$code" != 0 ] && has "$2" || return 0
  section sockets "$1"
  shift
  command "$@" 2>/dev/null
  ended $?
}
if [ -d /proc/net ]; then
attempt ss ss -lntp
# Without -W net-tools cuts long addresses; not every netstat has it, and BusyBox's may not have -p.
attempt netstat netstat -lntpW
attempt netstat netstat -lntp
if [ "$code" != 0 ] && [ -r /proc/net/tcp ]; then
section sockets proc
command cat /proc/net/tcp 2>/dev/null && { [ ! -e /proc/net/tcp6 ] || command cat /proc/net/tcp6 2>/dev/null; }
ended $?
section owners ls
if command ls -lnb /proc/self/exe >/dev/null 2>&1; then
command ls -lnb /proc/[0-9]*/fd 2>/dev/null
else
command ls -ln /proc/[0-9]*/fd 2>/dev/null
fi
ended $?
code=0
fi
attempt netstat netstat -lnt
else
case $(uname -s) in
*BSD | DragonFly) attempt sockstat sockstat -46lnP tcp ;;
Darwin) attempt netstat netstat -anvW -p tcp ;;
SunOS)
attempt netstat netstat -anu -f inet -f inet6 -P tcp
attempt netstat netstat -an -P tcp
;;
esac
attempt netstat netstat -anW -p tcp
attempt netstat netstat -an
fi`

/** Only a regular file: a named pipe would wait for ever. 66 is sysexits' EX_NOINPUT. */
const readFile = (path: string): string => {
  const word = shellWord(path)
  return `section file cat
if [ ! -f ${word} ]; then ended 66; else command cat ${word} 2>/dev/null; ended $?; fi`
}

const testScript = (path: string): string => {
  const word = shellWord(path)
  return `if [ ! -e ${word} ]; then echo missing; elif [ -f ${word} ] && [ -x ${word} ]; then echo executable; else echo unusable; fi`
}

/** One line each, empty where there is none. */
const askForUser = (name: string): string => `echo "$(command id -u ${shellWord(name)} 2>/dev/null)"`

const resolvePath = (path: string): string => `printf '%s\\0' "$(command readlink -f ${shellWord(path)} 2>/dev/null)"`
