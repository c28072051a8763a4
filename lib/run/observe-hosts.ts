/** The first look at every host: one connection and one script each. */
import * as E from 'fp-ts/lib/Either.js'
import type { HostService } from '../model/catalog.js'
import type { HostName } from '../model/names.js'
import type { Looks, Observation } from '../model/observation.js'
import type { Expansion } from '../model/playbook.js'
import { remoteErrorInWords } from '../model/remote-error.js'
import type { ProbeRequest } from '../observe/probe.js'
import { HostSession } from './host-session.js'
import type { HostSlots } from './host-slots.js'
import type { RunContext } from './run-context.js'

export type Sessions = ReadonlyMap<HostName, HostSession>

export const openSessions = (expansion: Expansion, { transport, clock }: RunContext): Sessions => {
  const services = new Map<HostName, HostService[]>([...expansion.routes.keys()].map(host => [host, []]))
  for (const play of expansion.plays) {
    for (const { service } of play.desired) services.get(service.host)?.push(service)
    for (const service of play.prerequisites) services.get(service.host)?.push(service)
  }
  return new Map(
    [...expansion.routes].map(([host, route]) => {
      const request = requestFor(services.get(host) ?? [])
      return [host, new HostSession(host, route, request, transport, clock)] as const
    }),
  )
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

const requestFor = (services: readonly HostService[]): ProbeRequest => ({
  files: [...new Set(services.flatMap(({ processes }) => processes.flatMap(({ each }) => each?.linesOf ?? [])))],
  scripts: [...new Set(services.flatMap(({ scripts }) => scripts))],
})
