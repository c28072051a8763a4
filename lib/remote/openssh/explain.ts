/** What the log of the system's ssh (`-E`, DEBUG1) says of a connection that did not come about, or has ended. */
import { quoting, type Reason, reason, toldReason } from '../../model/reason.js'
import type { RemoteError } from '../../model/remote-error.js'
import { judgeHostKey, type KnownHost, namesInFile } from '../known-hosts.js'
import type { Destination } from '../ssh/destination.js'
import { objectionTo } from '../ssh/explain-host-key.js'
import type { LoginError } from '../ssh/explain-login.js'
import { fingerprintOf } from '../ssh/fingerprint.js'
import { wordsForOne } from '../ssh/socket.js'
import { noProcessLeft } from '../start-process.js'

/**
 * `said`: what else was printed, as by a ProxyCommand. `lateMs`: it was given up after that long. `known`: what the files
 * of known hosts hold.
 */
export type MasterEnd = Readonly<{ log: string; said: string; lateMs: number | null; known: readonly KnownHost[] }>

export const explainMaster = (end: MasterEnd, destination: Destination): LoginError => {
  const { through } = destination
  const { address, port, user } = destination.login
  const { log, said, lateMs } = end
  const place = `${address} port ${port}`
  const unreachable = (why: string | Reason): RemoteError => ({ _tag: 'Unreachable', ...toldReason(reason`${why}`) })
  const isReached = / Local version string /.test(log)
  const isGreeted = /Remote protocol version/.test(log)
  const isHandshaken = /SSH2_MSG_NEWKEYS received/.test(log)

  if (/cannot fork|fork failed|fork: |no process is left/i.test(`${said}\n${messages(log).join('\n')}`))
    return unreachable(noProcessLeft('ssh'))
  if (/^Host key verification failed/m.test(log)) return hostKeyRefused(end, destination)
  const denied = /^\S*@\S*: (Permission denied \(.*\))/m.exec(log)?.[1]
  if (denied !== undefined) return loginRefused(user, log, denied)
  const hungUp = /^Received disconnect from .*?:\d+: (.*)/m.exec(log)?.[1]
  if (isHandshaken && hungUp !== undefined) return loginRefused(user, log, `it ended with: ${hungUp}`)
  const seconds = `${(lateMs ?? 0) / 1000} s`
  if (lateMs !== null && !isReached) return unreachable(`${place} did not answer within ${seconds}`)
  if (lateMs !== null && !isGreeted) return unreachable(`${place} took the connection and said nothing for ${seconds}`)
  if (lateMs !== null && !isHandshaken)
    return unreachable(`${place} did not finish the SSH handshake within ${seconds}`)
  if (lateMs !== null) return unreachable(`${place} took longer than ${seconds} over the login of ${user}`)
  const complaints = said.trim()
  if (!isHandshaken && through._tag === 'Command' && complaints !== '')
    return unreachable(reason`${place} was not reached${quoting(`; the ProxyCommand said: ${complaints}`)}`)
  const connecting = /^ssh: (?:connect to host .*?: |Could not resolve hostname .*?: )(.*)/m.exec(log)?.[1]
  if (connecting !== undefined && /reset/.test(connecting))
    return {
      _tag: 'Dropped',
      ...toldReason(reason`${place} closed the connection before it spoke SSH${quoting(`: ${connecting}`)}`),
    }
  if (connecting !== undefined)
    return unreachable(wordsForOne({ code: codeFor(connecting), message: connecting }, address, port))
  const greeting = [...log.matchAll(/banner line \d+: (.*)/g)].map(match => match[1]).join('\n')
  if (greeting.startsWith('Not allowed at this time'))
    return unreachable(`${place} keeps this address out for a while, because of failed logins (PerSourcePenalties)`)
  if (!isGreeted && greeting !== '' && !greeting.startsWith('Exceeded MaxStartups'))
    return unreachable(reason`${place} does not speak SSH${quoting(`; it says: ${greeting}`)}`)
  const negotiation = /^Unable to negotiate .*?: (.*)/m.exec(log)?.[1]
  if (negotiation !== undefined)
    return unreachable(reason`${place} did not agree on how to speak SSH${quoting(`: ${negotiation}`)}`)
  if (isReached && !isGreeted)
    return {
      _tag: 'Dropped',
      ...toldReason(
        reason`${place} closed the connection before it spoke SSH${quoting(`: ${greeting || 'no reason'}`)}`,
      ),
    }
  if (
    isGreeted &&
    !isHandshaken &&
    /^(Connection (closed|reset)|.*: (Connection (closed|reset)|Broken pipe))/m.test(log)
  )
    return { _tag: 'Dropped', why: `${place} closed the connection during the SSH handshake` }
  if (isHandshaken) return unreachable(`${place} closed the connection during the login of ${user}`)
  return unreachable(
    reason`${place} was not reached by ssh${quoting(`: ${lastWords(log) || complaints || 'it gave no reason'}`)}`,
  )
}

/** Why a connection has ended that was up. */
export const explainLoss = (log: string, keepaliveMs: number): Reason => {
  if (/^Timeout, server .* not responding/m.test(log))
    return reason`the host gave no sign of life for ${(4 * keepaliveMs) / 1000} s`
  return reason`the connection was cut${quoting(`: ${lastWords(log) || 'ssh gave no reason'}`)}`
}

/** The last time that it was wanted, from the log of a jump host's master. */
export const whyNotForwarded = (log: string, address: string, port: number): string | null => {
  const reasons = new Map<string, string>()
  let last: string | null = null
  for (const line of log.split(/\r?\n/)) {
    const failed = /^channel (\d+): open failed: (.*)/.exec(line)
    if (failed !== null) reasons.set(failed[1] ?? '', failed[2] ?? '')
    const freed = /^debug1: channel (\d+): free: direct-tcpip: listening port 0 for (\S+) port (\d+), /.exec(line)
    if (freed?.[2] === address && freed[3] === `${port}`) last = reasons.get(freed[1] ?? '') ?? last
    if (freed !== null) reasons.delete(freed[1] ?? '')
  }
  return last
}

const messages = (log: string): readonly string[] =>
  log.split(/\r?\n/).filter(line => line !== '' && !/^(debug\d:|Authenticated to |Warning: )/.test(line))

const lastWords = (log: string): string => messages(log).at(-1) ?? ''

const hostKeyRefused = ({ log, known }: MasterEnd, { login, settings }: Destination): RemoteError => {
  const fingerprint = /Server host key: \S+ (SHA256:\S+)/.exec(log)?.[1] ?? 'not shown'
  const refused = (why: string | null): RemoteError => ({
    _tag: 'HostKeyRefused',
    why: why ?? `ssh refused its key: ${lastWords(log)}`,
    fingerprint,
  })
  const lookUp = {
    policy: settings.hostKeys,
    login,
    names: namesInFile(login.address, login.port, login.hostKeyAlias),
    files: settings.knownHostsFiles.map(path => ({ path, trouble: null })),
  }
  if (/is marked as revoked|REVOKED HOST KEY/.test(log)) {
    const by = known.find(
      ({ marker, key }) => marker === '@revoked' && key !== null && fingerprintOf(key) === fingerprint,
    )
    if (by !== undefined) return refused(objectionTo({ _tag: 'Revoked', by }, lookUp))
  }
  const [, file, line] = /^Offending .*?key in (.*):(\d+)/m.exec(log) ?? []
  const by = known.find(one => one.file === file && `${one.line}` === line)
  if (by !== undefined) return refused(objectionTo({ _tag: 'Changed', by }, lookUp))
  if (/^No .* host key is known for /m.test(log))
    return refused(objectionTo(judgeHostKey(known, lookUp.names, noKey), lookUp))
  return refused(null)
}

/** Of a host that ssh knows no key of: what else the files say of it does not depend on the one it showed. */
const noKey = Buffer.alloc(4)

const loginRefused = (user: string, log: string, how: string): RemoteError => {
  const offered = [...log.matchAll(/Offering public key: (\S+) /g)].map(match => match[1])
  const tried =
    offered.length === 0
      ? `there is no key to log in as ${user}`
      : `the host refused ${user} with ${offered.join(', ')}`
  return { _tag: 'LoginRefused', ...toldReason(reason`${tried}${quoting(`; ${how}`)}`) }
}

/** As strerror(3) and gai_strerror(3) have them. */
const codeFor = (words: string): string => {
  if (/refused/.test(words)) return 'ECONNREFUSED'
  if (/No route|unreachable/i.test(words)) return 'EHOSTUNREACH'
  if (/timed out/.test(words)) return 'ETIMEDOUT'
  if (/Temporary failure/.test(words)) return 'EAI_AGAIN'
  return /not known|No address|nodename/.test(words) ? 'ENOTFOUND' : ''
}
