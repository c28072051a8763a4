/** How a host is asked whether a service is ready: sections of a look, one for each question. */
import {
  checkBytes,
  checkSeconds,
  type HttpCheck,
  type LogCheck,
  type LogEnd,
  type Question,
  type TcpCheck,
} from '../model/ready.js'
import { runFunctions, setLimit } from '../model/run-apart.js'
import { shellWord } from '../model/shell.js'

/**
 * Shell text for the beginning of a look, where the environment is still that of the login: a declared command runs in
 * it, as a start does.  One that hangs is ended, where there is a timeout(1) to do it.
 */
export const askCommands = (nonce: string, questions: readonly Question[]): string => {
  if (!questions.some(({ check }) => isRun(check))) return ''
  const commands = questions.filter(({ check }) => check._tag === 'Command').map(askOther)
  return `${runFunctions(nonce)}
${setLimit(checkSeconds)}
${commands.join('\n')}`
}

/** Shell text for after it, where the tools are those of the look. */
export const askOthers = (questions: readonly Question[]): string =>
  questions
    .filter(({ check }) => check._tag !== 'Command')
    .map(askOther)
    .join('\n')

const askOther = ({ check, since }: Question): string => {
  switch (check._tag) {
    case 'Command':
      return ask(check.command)
    case 'Http':
      return ask(httpCommand(check))
    case 'Tcp':
      return ask(tcpCommand(check))
    case 'Log':
      return askLog(check, since)
  }
}

/** In the order in which the host answers. */
export const inAskedOrder = (questions: readonly Question[]): readonly Question[] => [
  ...questions.filter(({ check }) => check._tag === 'Command'),
  ...questions.filter(({ check }) => check._tag !== 'Command'),
]

const isRun = ({ _tag }: Question['check']): boolean => _tag !== 'Log'

const ask = (command: string): string => `section check sh
run ${shellWord(command)} "$limit"
result=$?
command head -c ${checkBytes} <&4 2>/dev/null
ended $result`

/** Under the limit above, so that the tool can say what it waited for. */
const toolSeconds = checkSeconds - 1

/** The host has nothing to ask with: sysexits' EX_UNAVAILABLE. */
const nothingToAskWith = 69

/** Blocks of 512 bytes (POSIX, ulimit); whoever writes more into the file is ended by SIGXFSZ. */
const inLimits = `ulimit -f ${checkBytes / 512}; exec`

/**
 * Every way prints the head of the answer and its body. Proxies and what a user has configured are left out; redirects
 * are not followed: BusyBox's wget, which always does, and does not know certificates either, is not asked.
 */
const httpCommand = ({ url, verify }: HttpCheck): string => {
  const word = shellWord(url)
  const { hostname, port, protocol, pathname, search, host } = new URL(url)
  const place = `${shellWord(hostname.replace(/^\[|\]$/g, ''))} ${port || (protocol === 'https:' ? 443 : 80)}`
  const request = `printf 'GET %s HTTP/1.0\\r\\nHost: %s\\r\\nAccept: */*\\r\\nConnection: close\\r\\n\\r\\n' ${shellWord(pathname + search)} ${shellWord(host)}`
  const plainly = `elif command -v bash >/dev/null 2>&1; then
  (${inLimits} bash -c 'exec 3<>"/dev/tcp/$1/$2" && eval "$3" >&3 && exec cat <&3' bash ${place} ${shellWord(request)})
elif command -v nc >/dev/null 2>&1; then ${request} | (${inLimits} nc -w ${toolSeconds} ${place})
else echo 'the host has no curl, no GNU wget, no bash and no nc to ask with'; exit ${nothingToAskWith}; fi`
  const none = `else echo 'the host has neither curl nor GNU wget to ask with'; exit ${nothingToAskWith}; fi`
  return `if command -v curl >/dev/null 2>&1; then
  (${inLimits} curl -q -sSig --noproxy '*' --max-time ${toolSeconds}${verify ? '' : ' -k'} ${word})
elif case $(wget --version 2>/dev/null) in 'GNU Wget'*) ;; *) false ;; esac; then
  (HOME=/nonexistent; export HOME; ${inLimits} wget -q -S --save-headers --content-on-error --max-redirect=0 --no-proxy -t 1 -T ${toolSeconds}${verify ? '' : ' --no-check-certificate'} -O - ${word})
${protocol === 'http:' ? plainly : none}`
}

/** BusyBox's nc has no -z; there it calls a program that ends at once. */
const tcpCommand = ({ place: { address, port } }: TcpCheck): string => {
  const place = `${shellWord(address ?? '127.0.0.1')} ${port}`
  return `if command -v bash >/dev/null 2>&1; then bash -c 'exec 3<>"/dev/tcp/$1/$2"' bash ${place}
elif command -v nc >/dev/null 2>&1; then nc -z -w ${toolSeconds} ${place} || nc -w ${toolSeconds} ${place} -e true
else echo 'the host has neither bash nor nc to connect with'; exit ${nothingToAskWith}; fi`
}

/**
 * A log has grown where what comes before its old end is still the same, by a sum of the last bytes: an inode is also had
 * by one that was emptied and written anew, and lost by one that was rewritten with all its old lines. Where there is no
 * cksum(1), the inode has to do.
 */
export const logFunctions = `sum_before() {
  from=1
  [ "$2" -le 256 ] || from=$(($2 - 255))
  command tail -c +$from "$1" 2>/dev/null | command head -c $(($2 - from + 1)) | command cksum 2>/dev/null
}
# end_of FILE: sets inode and bytes.
end_of() {
  set -f
  set -- $(command ls -Lidn "$1" 2>/dev/null)
  set +f
  inode=$1 bytes=$6
}
# start_of FILE [INODE BYTES SUM]: sets from; without the end it had before, all of it counts.
start_of() {
  end_of "$1"
  from=1
  if [ -n "$2" ] && [ "$bytes" -ge "$3" ]; then
    if [ -n "$4" ]; then same=$(sum_before "$1" "$3") was=$4; else same=$inode was=$2; fi
    [ "$same" != "$was" ] || from=$(($3 + 1))
  fi
}
# has_line FILE LINE [INODE BYTES SUM]
has_line() {
  [ -f "$1" ] || return 66
  [ -r "$1" ] || return 77
  start_of "$1" "$3" "$4" "$5"
  echo "$((bytes - from + 1))"
  command tail -c +$from "$1" 2>/dev/null | command grep -aF -e "$2" >/dev/null 2>&1
}`

export const askLogEnd = (file: string): string => {
  const word = shellWord(file)
  return `section logend ls
if [ -f ${word} ]; then end_of ${word}; echo "$inode $bytes $(sum_before ${word} "$bytes")"; fi
ended $?`
}

const askLog = ({ file, line }: LogCheck, since: LogEnd | null): string => {
  const end = since === null ? [] : [since.inode, `${since.bytes}`, since.sum]
  return `section check sh
has_line ${[file, line, ...end].map(shellWord).join(' ')}
ended $?`
}
