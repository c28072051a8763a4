/** The conductor: look at every host, plan, do what is missing, play by play. */
import { planPlay, planPlaybook, servicesByHost, stepId } from '../decide/plan.js'
import type { HostService } from '../model/catalog.js'
import { type ExitCode, exitCodes } from '../model/exit-code.js'
import type { HostName } from '../model/names.js'
import type { Looks } from '../model/observation.js'
import { isAct, type Plan, type PlannedPlay, type StepId } from '../model/plan.js'
import type { ExpandedPlay, Expansion } from '../model/playbook.js'
import { localTransport } from '../remote/local.js'
import { HostSlots } from './host-slots.js'
import { planMade, runClosed } from './journal/entries.js'
import { noJournal } from './journal/journal.js'
import { closeAll, lookAtAll, looksFor, openSessions, type Sessions } from './observe-hosts.js'
import type { EndedPlay, Outcome } from './outcome.js'
import { runPlay } from './play.js'
import { recapOf } from './recap.js'
import type { RunContext } from './run-context.js'
import { runHereOver } from './run-here.js'

/** Looks and plans, and changes nothing. */
export const planRun = async (expansion: Expansion, context: RunContext): Promise<Plan> => {
  const plan = planPlaybook(expansion.plays, await looksFor(expansion, context))
  context.emit({ _tag: 'Planned', plan })
  return plan
}

/** What `planRun` plans, done; resolves when nothing is under way any more. */
export const runPlaybook = async (expansion: Expansion, playbook: string, context: RunContext): Promise<ExitCode> => {
  const { emit, journal = noJournal, signal } = context
  signal?.addEventListener('abort', () => void journal.append({ _tag: 'Interrupted' }), { once: true })
  emit({ _tag: 'RunStarted', playbook, hosts: [...expansion.routes.keys()] })
  const slots = new HostSlots(context.forks)
  const sessions = openSessions(expansion, context)
  const ended: EndedPlay[] = []
  try {
    let looks = await lookAtAll(sessions.values(), slots, context)
    const plan = planPlaybook(expansion.plays, looks)
    emit({ _tag: 'Planned', plan })
    await journal.append(planMade(plan))
    await closeIdle(sessions, plan)
    for (const [i, play] of expansion.plays.entries()) {
      if (i > 0) looks = await lookForPlay(play, looks, sessions, slots, context)
      // The first play was planned on what was seen, later ones on what was foreseen: now it can be seen.
      const planned = i === 0 ? plan.plays[0] : planPlay(play, looks)
      if (planned === undefined) continue
      if (i > 0) await journal.append(planMade({ plays: [planned] }))
      emit({ _tag: 'PlayStarted', name: play.name })
      ended.push({ planned, outcomes: await playOut(play, planned, ended, sessions, slots, context) })
    }
  } finally {
    await closeAll(sessions)
  }
  const recap = recapOf(ended)
  const exitCode = exitCodeOf(ended, signal?.aborted ?? false)
  emit({ _tag: 'RunEnded', recap, exitCode })
  await journal.append(runClosed(recap, exitCode))
  return exitCode
}

const playOut = (
  play: ExpandedPlay,
  planned: PlannedPlay,
  ended: readonly EndedPlay[],
  sessions: Sessions,
  slots: HostSlots,
  { clock, emit, signal, journal = noJournal, controller = localTransport }: RunContext,
): Promise<ReadonlyMap<StepId, Outcome>> => {
  const services = new Map<StepId, HostService>(play.desired.map(({ service }) => [stepId(service), service]))
  const lostHosts = hostsWhere(ended, ({ _tag }) => _tag !== 'Done')
  const interrupted = () => signal?.aborted ?? false
  const runHere = runHereOver(controller)
  const neighbours = servicesByHost([...play.desired.map(({ service }) => service), ...play.prerequisites])
  return runPlay(planned, {
    sessions,
    services,
    neighbours,
    slots,
    clock,
    emit,
    journal,
    runHere,
    interrupted,
    lostHosts,
  })
}

/** What was seen before an earlier play may be out of date wherever this one has to do with. */
const lookForPlay = async (
  play: ExpandedPlay,
  looks: Looks,
  sessions: Sessions,
  slots: HostSlots,
  context: RunContext,
): Promise<Looks> => {
  const services = [...play.desired.map(({ service }) => service), ...play.prerequisites]
  const hosts = new Set(services.map(({ host }) => host))
  const again = await lookAtAll(
    [...hosts].flatMap(host => sessions.get(host) ?? []),
    slots,
    context,
  )
  return new Map([...looks, ...again])
}

const hostsWhere = (ended: readonly EndedPlay[], test: (outcome: Outcome) => boolean): ReadonlySet<HostName> => {
  const hosts = ended.flatMap(({ planned, outcomes }) =>
    planned.steps.filter(({ id }) => {
      const outcome = outcomes.get(id)
      return outcome !== undefined && test(outcome)
    }),
  )
  return new Set(hosts.map(({ host }) => host))
}

/** A host with nothing to do needs its connection no longer. */
const closeIdle = async (sessions: Sessions, plan: Plan): Promise<void> => {
  const busy = new Set(
    plan.plays.flatMap(({ steps }) => steps.filter(({ action }) => isAct(action)).map(({ host }) => host)),
  )
  await Promise.all([...sessions.values()].filter(({ host }) => !busy.has(host)).map(session => session.close()))
}

/** As in Ansible, a host that could not be reached weighs more than one that failed. */
const exitCodeOf = (ended: readonly EndedPlay[], interrupted: boolean): ExitCode => {
  const outcomes = ended.flatMap(({ outcomes }) => [...outcomes.values()])
  if (interrupted) return exitCodes.interrupted
  if (outcomes.some(({ _tag }) => _tag === 'Unreachable')) return exitCodes.unreachable
  if (outcomes.some(({ _tag }) => _tag === 'Failed')) return exitCodes.failed
  if (outcomes.some(({ _tag }) => _tag === 'Locked')) return exitCodes.locked
  return outcomes.some(({ _tag }) => _tag !== 'Done') ? exitCodes.failed : exitCodes.ok
}
