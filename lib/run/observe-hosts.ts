/** The first look at every host: one connection and one script each. */
import * as E from 'fp-ts/lib/Either.js'
import { groupBy } from '../model/group-by.js'
import type { HostName } from '../model/names.js'
import type { Looks, Observation } from '../model/observation.js'
import type { ExpandedPlay, Expansion } from '../model/playbook.js'
import { remoteErrorInWords } from '../model/remote-error.js'
import { HostSession } from './host-session.js'
import { HostSlots } from './host-slots.js'
import { requestFor } from './probe-request.js'
import type { RunContext } from './run-context.js'

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
  return new Map(
    [...expansion.routes].map(([host, route]) => {
      const request = requestFor(desired.get(host) ?? [], looked.get(host) ?? [])
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

/** A look at every host that the plays of an expansion are about, each let go of at once, or the saved ones where such were given. */
export const looksFor = async (expansion: Expansion, context: RunContext): Promise<Looks> => {
  if (context.savedLooks !== undefined) return context.savedLooks
  return lookAndLetGo(sessionsOf(hostsToSee(expansion.plays), openSessions(expansion, context)).values(), context)
}

/** No connection is held for longer than its look takes. */
export const lookAndLetGo = async (sessions: Iterable<HostSession>, context: RunContext): Promise<Looks> => {
  const slots = new HostSlots(context.forks)
  const looks = [...sessions].map(session =>
    slots.use(session.host, () => lookAt(session, context).finally(() => session.close())),
  )
  return new Map(await Promise.all(looks))
}

export const closeAll = async (sessions: Sessions): Promise<void> => {
  await Promise.all([...sessions.values()].map(session => session.close()))
}

export const lookAtAll = async (
  sessions: Iterable<HostSession>,
  slots: HostSlots,
  context: RunContext,
): Promise<Looks> => {
  const looks = [...sessions].map(session => slots.use(session.host, () => lookAt(session, context)))
  return new Map(await Promise.all(looks))
}

const lookAt = async (
  session: HostSession,
  { clock, emit }: RunContext,
): Promise<readonly [HostName, E.Either<string, Observation>]> => {
  const { host } = session
  const sinceMs = clock.now()
  const look = await session.look()
  if (E.isRight(look)) {
    emit({ _tag: 'HostObserved', host, tookMs: clock.now() - sinceMs })
    return [host, look]
  }
  const why = remoteErrorInWords(look.left)
  emit({ _tag: 'HostUnreachable', host, why })
  return [host, E.left(why)]
}
