/** The first look at every host: one connection and one script each. */
import * as E from 'fp-ts/lib/Either.js'
import { type LookAtHost, notLookedAt } from '../decide/host-steps.js'
import { groupBy } from '../model/group-by.js'
import type { HostName } from '../model/names.js'
import type { Looks } from '../model/observation.js'
import type { ExpandedPlay, Expansion } from '../model/playbook.js'
import { remoteErrorReason } from '../model/remote-error.js'
import type { ProbeRequest } from '../observe/probe.js'
import { HostSession } from './host-session.js'
import type { HostSlots } from './host-slots.js'
import { notSeen } from './journal/entries.js'
import { noJournal } from './journal/journal.js'
import { requestFor } from './probe-request.js'
import type { RunContext } from './run-context.js'

/** What is done with each look. */
type Taking = (host: HostName, look: LookAtHost) => void

export type Sessions = ReadonlyMap<HostName, HostSession>

export const openSessions = (expansion: Expansion, context: RunContext): Sessions => {
  const desired = groupBy(
    expansion.plays.flatMap(play => play.desired),
    ({ service }) => service.host,
  )
  const looked = groupBy(
    expansion.plays.flatMap(({ prerequisites, witnesses = [] }) => [...prerequisites, ...witnesses]),
    ({ host }) => host,
  )
  const requests = new Map<string, ProbeRequest>()
  // Most hosts are asked for the very same.
  const shared = (request: ProbeRequest): ProbeRequest => {
    const key = JSON.stringify(request)
    const known = requests.get(key) ?? request
    requests.set(key, known)
    return known
  }
  return new Map(
    [...expansion.routes].map(([host, route]) => {
      const request = shared(requestFor(desired.get(host) ?? [], looked.get(host) ?? []))
      return [host, new HostSession(host, route, request, context, expansion.lookAs.get(host) ?? null)] as const
    }),
  )
}

/** All that plays are planned by. */
export const hostsToSee = (plays: readonly ExpandedPlay[]): readonly HostName[] => [
  ...new Set(
    plays.flatMap(({ desired, prerequisites }) => [
      ...desired.map(({ service }) => service.host),
      ...prerequisites.map(({ host }) => host),
    ]),
  ),
]

export const sessionsOf = (hosts: readonly HostName[], sessions: Sessions): Sessions =>
  new Map(
    hosts.flatMap(host => {
      const session = sessions.get(host)
      return session === undefined ? [] : [[host, session] as const]
    }),
  )

/** A look at every host that the plays of an expansion are about, or the saved ones where such were given. */
export const looksFor = async (expansion: Expansion, context: RunContext): Promise<Looks> =>
  context.savedLooks ?? lookAndLetGo(sessionsFor(expansion, context).values(), context)

/** The same, each handed on as soon as it is there. */
export const seeFor = async (expansion: Expansion, context: RunContext, take: Taking): Promise<void> => {
  if (context.savedLooks === undefined) return seeAndLetGo(sessionsFor(expansion, context).values(), context, take)
  for (const [host, look] of context.savedLooks) take(host, look)
}

const sessionsFor = (expansion: Expansion, context: RunContext): Sessions =>
  sessionsOf(hostsToSee(expansion.plays), openSessions(expansion, context))

/** In the order of the sessions. */
export const lookAndLetGo = async (sessions: Iterable<HostSession>, context: RunContext): Promise<Looks> => {
  const all = [...sessions]
  const looks = new Map<HostName, LookAtHost>(all.map(({ host }) => [host, notLookedAt]))
  await seeAndLetGo(all, context, (host, look) => looks.set(host, look))
  return looks
}

/** No connection is held for longer than its look takes. */
const seeAndLetGo = (sessions: Iterable<HostSession>, context: RunContext, take: Taking): Promise<void> =>
  sharedOut(sessions, context.forks, async session => {
    take(session.host, await lookAt(session, context).finally(() => session.close()))
  })

/** The connections stay, for what is to be done. */
export const seeAll = (
  sessions: Iterable<HostSession>,
  slots: HostSlots,
  context: RunContext,
  take: Taking,
): Promise<void> =>
  sharedOut(sessions, context.forks, async session => {
    take(session.host, await slots.use(session.host, () => lookAt(session, context)))
  })

/** So many at work at once: each takes the next of them as soon as it is free. Throws where nobody may work. */
const sharedOut = async <A>(all: Iterable<A>, workers: number, work: (one: A) => Promise<void>): Promise<void> => {
  if (!(workers >= 1)) throw new TypeError(`forks is ${workers}: at least one host has to be at work`)
  const each = [...all]
  const left = each.values()
  const worker = async (): Promise<void> => {
    for (const one of left) await work(one)
  }
  await Promise.all(Array.from({ length: Math.min(workers, each.length) }, worker))
}

export const closeAll = async (sessions: Sessions): Promise<void> => {
  await Promise.all([...sessions.values()].map(session => session.close()))
}

const lookAt = async (session: HostSession, { clock, emit, journal = noJournal }: RunContext): Promise<LookAtHost> => {
  const { host } = session
  const sinceMs = clock.now()
  const look = await session.look()
  if (E.isRight(look)) {
    emit({ _tag: 'HostObserved', host, tookMs: clock.now() - sinceMs })
    return look
  }
  const reason = remoteErrorReason(look.left)
  const { why } = reason
  emit({ _tag: 'HostUnreachable', host, why })
  await journal.append(notSeen(host, reason))
  return E.left(why)
}
