/** What the log of the system's ssh (`-E`, DEBUG1) says of how a login went. */
import type { LoginTrace, LoginTry } from '../../model/login-trace.js'

export const traceIn = (log: string): Pick<LoginTrace, 'software' | 'hostKey' | 'negotiated' | 'tried'> => {
  const lines = log.split(/\r?\n/).flatMap(line => /^debug1: (.*)/.exec(line)?.[1] ?? [])
  const first = (pattern: RegExp): readonly string[] => {
    for (const line of lines) {
      const match = pattern.exec(line)
      if (match !== null) return match.slice(1)
    }
    return []
  }
  const [software] = first(/^Remote protocol version \S+, remote software version (\S+)/)
  const [keyType, fingerprint] = first(/^Server host key: (\S+) (\S+)$/)
  const [file, line] = first(/^Found key in (.+):(\d+)$/)
  const [kex] = first(/^kex: algorithm: (\S+)$/)
  const [hostKey] = first(/^kex: host key algorithm: (\S+)$/)
  const [cipher, mac] = first(/^kex: client->server cipher: (\S+) MAC: (\S+) /)
  const foundAt = file === undefined ? null : `${file}:${line}`
  return {
    software: software ?? null,
    hostKey: keyType === undefined || fingerprint === undefined ? null : { keyType, fingerprint, foundAt },
    negotiated:
      kex === undefined || hostKey === undefined || cipher === undefined
        ? null
        : { kex, hostKey, cipher, mac: mac === undefined || mac === '<implicit>' ? null : mac },
    tried: triesIn(log.split(/\r?\n/)),
  }
}

/** An offer is refused by the next word on what else is taken; one that is not, was taken. */
const triesIn = (lines: readonly string[]): readonly LoginTry[] => {
  const tries: LoginTry[] = []
  const settle = (outcome: LoginTry['outcome']): void => {
    const last = tries.at(-1)
    if (last?.outcome === 'unanswered') tries[tries.length - 1] = { ...last, outcome }
  }
  for (const line of lines) {
    const offered = /^debug1: Offering public key: (.*?)(?: explicit| agent| token)*$/.exec(line)?.[1]
    if (offered !== undefined) tries.push({ with: offered, outcome: 'unanswered' })
    else if (/^Authenticated using "[^"]*" with partial success\.$/.test(line)) settle('more wanted')
    else if (/^debug1: Authentications that can continue: /.test(line)) settle('refused')
    else if (/^Authenticated to /.test(line)) settle('taken')
  }
  return tries
}
