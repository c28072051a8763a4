/** The look: one POSIX shell script that prints every table of a host, framed, and changes nothing. */
import { frameFunctions } from '../model/frame.js'
import { shellWord } from '../model/shell.js'

/** What to look for besides processes and sockets. */
export type ProbeRequest = Readonly<{
  /** Files whose lines are wanted. */
  files: readonly string[]
  /** Scripts of which it is wanted whether they can be run. */
  scripts: readonly string[]
}>

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
export const probeBody = (nonce: string, { files, scripts }: ProbeRequest): string => `steward_look() (
${frameFunctions(nonce)}
# What the login's environment holds must not change what the tools print.
PATH=/usr/bin:/bin:/usr/sbin:/sbin:/usr/xpg4/bin\${PATH:+:$PATH} LC_ALL=C
export PATH LC_ALL
unset COLUMNS LINES PS_FORMAT PS_PERSONALITY CMD_ENV I_WANT_A_BROKEN_PS POSIXLY_CORRECT \\
  GREP_OPTIONS GREP_COLOR GREP_COLORS PROC_ROOT PROC_NET_TCP PROC_NET_TCP6 TCPDIAG_FILE IFS
frame begin
section host sh
echo "uid $(id -u)"
[ -r /proc/sys/kernel/random/boot_id ] && read -r boot </proc/sys/kernel/random/boot_id && echo "boot $boot"
[ -r /proc/uptime ] && read -r up idle </proc/uptime && echo "uptime $up"
ended 0
section ps ps
command ps -A -ww -o pid -o ppid -o uid -o stat -o etime -o args 2>/dev/null
ended $?
# Arguments without loss and start times in ticks: for all processes at once, as a fork for each would cost seconds.
if [ -r /proc/self/stat ]; then
section status grep
command grep -aH -e '^Uid:' -e '^NSpid:' /proc/[0-9]*/status 2>/dev/null
ended $?
section cmdline grep
command grep -azH '' /proc/[0-9]*/cmdline 2>/dev/null
ended $?
section stat grep
command grep -aH '' /proc/[0-9]*/stat 2>/dev/null
ended $?
fi
code=1
if command -v ss >/dev/null 2>&1; then
section sockets ss
command ss -lntp 2>/dev/null
ended $?
fi
if [ "$code" != 0 ] && command -v netstat >/dev/null 2>&1; then
section sockets netstat
# Without -W net-tools cuts long addresses; not every netstat has it.
command netstat -lntpW 2>/dev/null || command netstat -lntp 2>/dev/null
ended $?
fi
if [ "$code" != 0 ] && [ -r /proc/net/tcp ]; then
section sockets proc
command cat /proc/net/tcp /proc/net/tcp6 2>/dev/null
ended 0
fi
${files.map(readFile).join('\n')}
section scripts sh
${scripts.map(testScript).join('\n')}
ended 0
frame end
)`

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
