/** Drafts catalog entries for what listens on hosts; only what reads and judges as running is given out. */
import * as E from 'fp-ts/lib/Either.js'
import { draftServices } from '../decide/draft.js'
import { mergeDrafts } from '../decide/merge-drafts.js'
import type { DraftResult } from '../model/draft.js'
import type { HostName } from '../model/names.js'
import type { Observation } from '../model/observation.js'
import type { Expansion } from '../model/playbook.js'
import { bareRequest } from '../observe/probe.js'
import { HostSession } from './host-session.js'
import { lookAndLetGo } from './observe-hosts.js'
import type { RunContext } from './run-context.js'

export type Discovery = DraftResult & Readonly<{ unreachable: ReadonlyMap<HostName, string>; takenAtMs: number }>

export const discover = async ({ routes, lookAs }: Expansion, context: RunContext): Promise<Discovery> => {
  const request = { ...bareRequest, links: true, origins: true }
  const sessions = [...routes].map(
    ([host, route]) => new HostSession(host, route, request, context, lookAs.get(host) ?? null),
  )
  const takenAtMs = context.clock.now()
  const looks = await lookAndLetGo(sessions, context)
  const seen = [...looks.values()].flatMap(look => (E.isRight(look) ? [look.right] : []))
  const missing = [...looks].flatMap(([host, look]) => (E.isLeft(look) ? [[host, look.left] as const] : []))
  return { ...mergeDrafts(seen.map(draftsOn)), unreachable: new Map(missing), takenAtMs }
}

const draftsOn = (observation: Observation): DraftResult => {
  const { drafts, leftOut } = draftServices(observation)
  return { drafts, leftOut: leftOut.map(what => `${observation.host}: ${what}`) }
}
