/** Tries everything that a run needs of a host, side by side on all of them; nothing on a host is changed. */
import * as E from 'fp-ts/lib/Either.js'
import { readShowing, showLockScript } from '../act/unlock.js'
import { clockFaults, fixForBecome, fixForConnection, subjectOf, toolFaults } from '../decide/check.js'
import { type Become, becomeInWords, becomeKey } from '../model/become.js'
import type { Fault, Finding, HostCheck, Subject } from '../model/check.js'
import type { Route } from '../model/inventory.js'
import type { HostName } from '../model/names.js'
import type { Expansion } from '../model/playbook.js'
import { type RemoteError, remoteErrorInWords } from '../model/remote-error.js'
import { checkupScript, readCheckup } from '../observe/checkup.js'
import type { Connection } from '../remote/transport.js'
import { freshNonce, lookLimits } from './host-link.js'
import { HostSlots } from './host-slots.js'
import type { RunContext } from './run-context.js'

export const checkHosts = (expansion: Expansion, context: RunContext): Promise<readonly HostCheck[]> => {
  const slots = new HostSlots(context.forks)
  const needed = identitiesOf(expansion)
  return Promise.all(
    [...expansion.routes].map(([host, route]) =>
      slots.use(host, () => checkHost(host, route, needed.get(host) ?? [], context)),
    ),
  )
}

/** Whom each host has to let the login become: for its look, and for what acts. */
const identitiesOf = ({ plays, lookAs }: Expansion): ReadonlyMap<HostName, readonly Become[]> => {
  const byHost = new Map<HostName, Map<string, Become>>()
  const add = (host: HostName, become: Become | null) => {
    if (become !== null) byHost.set(host, (byHost.get(host) ?? new Map()).set(becomeKey(become), become))
  }
  for (const [host, become] of lookAs) add(host, become)
  for (const { host, become } of plays.flatMap(({ prerequisites }) => prerequisites)) add(host, become)
  return new Map([...byHost].map(([host, becomes]) => [host, [...becomes.values()]]))
}

type Findings = Record<Subject, Finding>

const good: Finding = { _tag: 'Good' }
const bad = (what: string, fix: string): Finding => ({ _tag: 'Bad', faults: [{ what, fix }] })
const findingOf = (faults: readonly Fault[]): Finding => (faults.length === 0 ? good : { _tag: 'Bad', faults })

const untried = (): Findings => ({
  reach: { _tag: 'NotTried' },
  'host key': { _tag: 'NotTried' },
  login: { _tag: 'NotTried' },
  shell: { _tag: 'NotTried' },
  tools: { _tag: 'NotTried' },
  become: { _tag: 'NotTried' },
  clock: { _tag: 'NotTried' },
  lock: { _tag: 'NotTried' },
})

const checkHost = async (
  host: HostName,
  route: Route,
  becomes: readonly Become[],
  context: RunContext,
): Promise<HostCheck> => {
  const findings = untried()
  const connection = await context.transport.connect(host, route)()
  if (E.isLeft(connection)) return { host, findings: noteFailure(connection.left, findings) }
  try {
    findings.reach = findings.login = good
    if (route._tag === 'Ssh') findings['host key'] = good
    await examine(connection.right, becomes, findings, context)
    return { host, findings }
  } finally {
    await connection.right.close()
  }
}

/** What comes before the subject that failed was passed. */
const noteFailure = (error: RemoteError, findings: Findings): Findings => {
  const failed = subjectOf(error)
  for (const subject of ['reach', 'host key', 'login'] as const) {
    if (subject === failed) break
    findings[subject] = good
  }
  findings[failed] = bad(remoteErrorInWords(error), fixForConnection(failed))
  return findings
}

/** Tools and clock are the same for whomever it becomes. */
const examine = async (
  connection: Connection,
  becomes: readonly Become[],
  findings: Findings,
  context: RunContext,
): Promise<void> => {
  const { clock, ...limits } = context
  const ask: Asking = (become, script, read) => askHost(connection, become, script, read, lookLimits(limits))
  const sentMs = clock.now()
  const checkup = await ask(null, checkupScript, readCheckup)
  const heardMs = clock.now()
  if (E.isLeft(checkup)) {
    findings.shell = bad(remoteErrorInWords(checkup.left), fixForConnection('shell'))
    return
  }
  findings.shell = good
  findings.tools = findingOf(toolFaults(checkup.right.has))
  findings.clock = findingOf(clockFaults(checkup.right.clockSeconds, sentMs, heardMs))
  const acting = await Promise.all((becomes.length === 0 ? [null] : becomes).map(become => actAs(ask, become)))
  const lockFaults = acting.flatMap(({ lock }) => lock)
  if (becomes.length > 0) findings.become = findingOf(acting.flatMap(({ become }) => become))
  if (lockFaults.length > 0 || acting.some(({ become }) => become.length === 0)) findings.lock = findingOf(lockFaults)
}

type Acting = Readonly<{ become: readonly Fault[]; lock: readonly Fault[] }>

const actAs = async (ask: Asking, become: Become | null): Promise<Acting> => {
  const checkup = await ask(become, checkupScript, readCheckup)
  if (E.isLeft(checkup)) return { become: [refusalOf(checkup.left, become)], lock: [] }
  const lock = await ask(become, showLockScript, readShowing)
  const why = E.isLeft(lock) ? remoteErrorInWords(lock.left) : lock.right._tag === 'Refused' ? lock.right.why : null
  const who = becomeInWords(become)
  if (why !== null) return { become: [], lock: [{ what: `for ${who}: ${why}`, fix: 'make that place safe' }] }
  if (checkup.right.has.has('place')) return { become: [], lock: [] }
  const what = `for ${who}: neither its home nor /tmp can be written: no lock can be taken`
  return { become: [], lock: [{ what, fix: 'give it a home that it can write to' }] }
}

const refusalOf = (error: RemoteError, become: Become | null): Fault => ({
  what: remoteErrorInWords(error),
  fix:
    error._tag === 'BecomeRefused' && become !== null ? fixForBecome(error.reason, become.method) : 'see what it says',
})

type Asking = <A>(
  as: Become | null,
  script: (nonce: string) => string,
  read: (nonce: string, output: string) => E.Either<string, A>,
) => Promise<E.Either<RemoteError, A>>

const askHost = async <A>(
  connection: Connection,
  as: Become | null,
  script: (nonce: string) => string,
  read: (nonce: string, output: string) => E.Either<string, A>,
  limits: ReturnType<typeof lookLimits>,
): Promise<E.Either<RemoteError, A>> => {
  const nonce = freshNonce()
  const output = await connection.run({ text: script(nonce), ...limits, as })()
  if (E.isLeft(output)) return output
  return E.mapLeft((why: string): RemoteError => ({ _tag: 'BadAnswer', why }))(read(nonce, output.right.stdout))
}
