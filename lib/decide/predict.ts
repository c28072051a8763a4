/** What a play should leave behind, so that the next one can be planned before the first has run. */
import * as E from 'fp-ts/lib/Either.js'
import type { HostService, Instance } from '../model/catalog.js'
import type { Listener, Looks, Observation, Process, Seen } from '../model/observation.js'
import { isToBeDone, type PlannedPlay, type Step, stepId, type Watched } from '../model/plan.js'
import type { ExpandedPlay } from '../model/playbook.js'
import type { InstanceEvidence } from '../model/verdict.js'
import { asDeclared } from './as-declared.js'
import { unitAfterStop } from './script.js'

export const predict = (play: ExpandedPlay, planned: PlannedPlay, looks: Looks): Looks => {
  const acts = planned.steps.filter(isToBeDone)
  if (acts.length === 0) return looks
  const after = new Map(looks)
  const services = new Map(play.desired.map(one => [stepId(one.service), one]))
  for (const step of acts) {
    const look = after.get(step.host)
    const service = services.get(step.id)
    if (look === undefined || E.isLeft(look) || service === undefined) continue
    after.set(step.host, E.right(afterStep(step, service.service, look.right)))
  }
  return after
}

const afterStep = (step: Step, service: HostService, before: Observation): Observation => {
  switch (step.action._tag) {
    case 'Stop':
      return afterStop(step.action.watch, service, before)
    case 'Trim': {
      const pids = gone(step.action.watch)
      return withAll(evidenceWithout(pids, step), service, without(pids, before))
    }
    case 'Restart': {
      const pids = gone(step.action.stop.watch)
      return withAll(evidenceWithout(pids, step), service, without(pids, before))
    }
    case 'Start':
    case 'Wait':
      return withAll(step.found?.evidence.instances ?? [], service, before)
    case 'None':
    case 'Finish':
    case 'Refuse':
    case 'Unreachable':
      return before
  }
}

const afterStop = (watch: readonly Watched[], service: HostService, before: Observation): Observation => ({
  ...without(gone(watch), before),
  units: new Map(
    [...before.units].flatMap(([script, unit]) => {
      const after = service.scripts.includes(script) ? unitAfterStop(service, unit) : unit
      return after === null ? [] : [[script, after] as const]
    }),
  ),
})

const gone = (watch: readonly Watched[]): ReadonlySet<number> => new Set(watch.map(({ process }) => process.pid))

/** What is left of each instance: copies that stay by design, or the one that is kept of several. */
const evidenceWithout = (pids: ReadonlySet<number>, { found }: Step): readonly InstanceEvidence[] =>
  (found?.evidence.instances ?? []).map(({ instance, copies }) => ({
    instance,
    copies: copies.filter(([leader]) => !pids.has(leader.pid)),
  }))

const without = (gone: ReadonlySet<number>, before: Observation): Observation => ({
  ...before,
  processes: mapSeen(before.processes, processes => processes.filter(({ pid }) => !gone.has(pid))),
  listeners: mapSeen(before.listeners, listeners =>
    listeners
      .map(listener => ({ ...listener, owners: listener.owners?.filter(pid => !gone.has(pid)) ?? null }))
      .filter(({ owners }) => owners === null || owners.length > 0),
  ),
})

/** Processes that do not exist yet have pids that no process can have, each another one. */
const withAll = (evidence: readonly InstanceEvidence[], service: HostService, before: Observation): Observation => {
  const first = lowestPid(before) - 1
  const pids = new Map(evidence.map(({ instance, copies }, i) => [instance, copies[0]?.[0].pid ?? first - i] as const))
  const born = evidence
    .filter(({ copies }) => copies.length === 0)
    .map(({ instance }) => newborn(instance, pids, before))
  const opened = evidence.flatMap(({ instance }) =>
    instance.listens.map(
      ({ address, port }): Listener => ({ address: address ?? '*', port, owners: [pids.get(instance) ?? first] }),
    ),
  )
  const ports = new Set(service.processes.flatMap(({ listens }) => listens.map(({ port }) => port)))
  return {
    ...before,
    processes: mapSeen(before.processes, processes => [...processes, ...born]),
    listeners: mapSeen(before.listeners, listeners => [...listeners.filter(({ port }) => !ports.has(port)), ...opened]),
  }
}

/** It is what the catalog says it will be. */
const newborn = (instance: Instance, pids: ReadonlyMap<Instance, number>, { users }: Observation): Process => {
  const parent = [...pids].find(([{ process }]) => process === instance.parent)?.[1]
  return asDeclared(instance, { pid: pids.get(instance) ?? -1, ppid: parent ?? 1, users })
}

const lowestPid = ({ processes }: Observation): number =>
  processes._tag === 'Seen' ? processes.value.reduce((lowest, { pid }) => Math.min(lowest, pid), 0) : 0

const mapSeen = <A>(seen: Seen<A>, change: (value: A) => A): Seen<A> =>
  seen._tag === 'Seen' ? { ...seen, value: change(seen.value) } : seen
