/** The conductor: look at every host, plan, do what is missing, play by play and batch by batch. */
import { Planner } from '../decide/plan.js'
import { PlayPlanner } from '../decide/play-planner.js'
import type { Recap, RunFact } from '../model/event.js'
import { type ExitCode, exitCodes } from '../model/exit-code.js'
import type { HostName } from '../model/names.js'
import { hasActs, isAct, isToBeDone, type Plan, type PlannedPlay } from '../model/plan.js'
import type { ExpandedPlay, Expansion, PlayPart } from '../model/playbook.js'
import { playInWords, type Rollback } from '../model/rollout.js'
import type { Acts } from './acts.js'
import { ask, endBatch, isToPassFirst, newPlay, passFirst, type Stopped } from './batch-end.js'
import { Hold } from './hold.js'
import { HostSlots } from './host-slots.js'
import { hostsAfter } from './hosts-after.js'
import { planMade, runClosed } from './journal/entries.js'
import { noJournal } from './journal/journal.js'
import { closeAll, hostsToSee, openSessions, type Sessions, seeAll, seeFor, sessionsOf } from './observe-hosts.js'
import type { EndedPlay, Outcome } from './outcome.js'
import { runPlay } from './play.js'
import { gateContextOf, playContextOf } from './play-context.js'
import { recapOf } from './recap.js'
import { rollbackOf } from './rollback.js'
import type { RunContext } from './run-context.js'

/** Looks and plans, and changes nothing. */
export const planRun = async (expansion: Expansion, context: RunContext): Promise<Plan> => {
  const planner = new Planner(expansion.plays)
  await seeFor(expansion, context, (host, look) => planner.see(host, look))
  const plan = new Hold(context.held).plan(planner.plan(), expansion.plays)
  context.emit({ _tag: 'Planned', plan })
  return plan
}

/** What `planRun` plans, done; resolves when nothing is under way any more. */
export const runPlaybook = async (expansion: Expansion, playbook: string, context: RunContext): Promise<ExitCode> => {
  const { emit, journal = noJournal, signal } = context
  const interrupted = () => signal?.aborted ?? false
  const noteIt = () => void journal.append({ _tag: 'Interrupted' })
  signal?.addEventListener('abort', noteIt, { once: true })
  const hosts = hostsToSee(expansion.plays)
  emit({ _tag: 'RunStarted', playbook, hosts })
  const slots = new HostSlots(context.forks)
  const sessions = openSessions(expansion, context)
  const hold = new Hold(context.held)
  const ended: EndedPlay[] = []
  let stopped: Stopped | null = null
  try {
    const plan = hold.plan(await planOn(expansion.plays, hosts, sessions, slots, context), expansion.plays)
    emit({ _tag: 'Planned', plan })
    await journal.append(planMade(plan))
    await closeIdle(sessions, plan)
    if (plan.plays.some(hasActs) && (await context.agree?.(plan)) === false) return await endUndone(context)
    const firstAct = plan.plays.findIndex(hasActs)
    let soFar = newPlay()
    for (const [i, play] of expansion.plays.entries()) {
      const { part, name } = play
      if (part === undefined || part.batch.number === 1) soFar = newPlay()
      // It was planned on what was foreseen, and now it can be seen. Where nothing is done at all, one look is enough.
      const isStale = i > 0 && stopped === null && !interrupted() && firstAct >= 0 && firstAct <= i
      const again = async () => hold.play(await planAgain(play, sessions, slots, context), i)
      let planned = isStale ? await again() : plan.plays[i]
      if (planned === undefined) continue
      soFar.losses.beginBatch()
      const behind = isStale && hasActs(planned) ? firstBehind(expansion.plays.slice(0, i), part, ended) : null
      if (behind !== null && isToPassFirst(behind, soFar)) {
        const playing = playContextOf({ play, number: i, ended, sessions, slots, soFar, stopped }, context)
        stopped = await passFirst(behind, soFar, playing, gateContextOf(playing, context), context)
        if (stopped === null) planned = await again()
      }
      if (isStale) await journal.append(planMade({ plays: [planned] }))
      if (!interrupted()) stopped ??= await askBefore(planned, part, context)
      if (stopped === null && !interrupted()) emit({ _tag: 'PlayStarted', name, play: i, ...batchOf(planned) })
      const playing = playContextOf({ play, number: i, ended, sessions, slots, soFar, stopped }, context)
      const outcomes = await runPlay(planned, playing)
      for (const [id, outcome] of outcomes) soFar.outcomes.set(id, outcome)
      ended.push({ number: part?.play ?? i, planned, outcomes: soFar.outcomes })
      if (part === undefined || stopped !== null) continue
      stopped = await endBatch({ part, planned, outcomes }, soFar, playing, gateContextOf(playing, context), context)
      const isToRollBack = stopped?.by === 'failure' && !interrupted()
      const back = isToRollBack && context.rollback !== undefined ? context.rollback : null
      const rolledBack =
        back === null ? null : await rollBack(back, play, { ended, acts: soFar.acts, sessions, slots }, context)
      if (rolledBack !== null) ended.push(rolledBack)
      if (part.batch.of > 1) await closeAll(sessions)
    }
    if (stopped !== null) emit(stoppedFact(stopped, ended))
  } finally {
    await closeAll(sessions)
    signal?.removeEventListener('abort', noteIt)
  }
  const recap = recapOf(ended)
  const exitCode = exitCodeOf(ended, stopped, interrupted())
  emit({ _tag: 'RunEnded', recap, exitCode })
  await journal.append(runClosed(recap, exitCode))
  return exitCode
}

/** Of a batch before which nothing was to be done in its play: the canary, else the batch before it. */
const firstBehind = (
  before: readonly ExpandedPlay[],
  part: PlayPart | undefined,
  ended: readonly EndedPlay[],
): PlayPart | null => {
  if (ended.some(({ number, planned }) => number === part?.play && hasActs(planned))) return null
  const parts = before.flatMap(play => (play.part === undefined || play.part.play !== part?.play ? [] : [play.part]))
  return parts.find(({ batch }) => batch.isCanary) ?? parts.at(-1) ?? null
}

/** Somebody has seen the plan and does not want it. */
const endUndone = async ({ emit, journal = noJournal }: RunContext): Promise<ExitCode> => {
  const recap: Recap = new Map()
  emit({ _tag: 'RunEnded', recap, exitCode: exitCodes.interrupted })
  await journal.append(runClosed(recap, exitCodes.interrupted))
  return exitCodes.interrupted
}

type Going = Readonly<{ ended: readonly EndedPlay[]; acts: Acts; sessions: Sessions; slots: HostSlots }>

/** Planned on what is seen by now, and done like any play. */
const rollBack = async (
  how: Rollback,
  play: ExpandedPlay,
  { ended, acts, sessions, slots }: Going,
  context: RunContext,
): Promise<EndedPlay | null> => {
  const last = ended.at(-1)
  const back = last === undefined ? null : rollbackOf(how, play, last, acts, context.clock.now())
  if (back === null) return null
  const planned = await planAgain(back, sessions, slots, context)
  await (context.journal ?? noJournal).append(planMade({ plays: [planned] }))
  context.emit({ _tag: 'PlayStarted', name: back.name })
  const ofItsOwn = { number: null, ended: [], soFar: newPlay(), stopped: null }
  const playing = playContextOf({ play: back, sessions, slots, ...ofItsOwn }, context)
  return { number: rollbackNumber, planned, outcomes: await runPlay(planned, playing) }
}

/** It is of no play of the playbook. */
const rollbackNumber = -1

const batchOf = ({ batch }: PlannedPlay) => (batch === undefined || batch.of === 1 ? {} : { batch })

/** With `stepwise`, whoever sits there has a word before anything is changed. */
const askBefore = async (
  planned: PlannedPlay,
  part: PlayPart | undefined,
  { stepwise, goOn }: RunContext,
): Promise<Stopped | null> => {
  const acts = planned.steps.filter(isToBeDone)
  if (stepwise !== true || acts.length === 0) return null
  return ask(`${playInWords(planned)}: ${acts.map(({ id }) => id).join(', ')}. Go on?`, part?.play ?? 0, goOn)
}

const stoppedFact = ({ play, why }: Stopped, ended: readonly EndedPlay[]): RunFact => {
  const batches = ended.filter(({ number }) => number === play)
  const back = ended.find(({ number }) => number === rollbackNumber) ?? null
  return { _tag: 'RolloutStopped', name: batches[0]?.planned.name ?? '', why, hosts: hostsAfter(batches, back) }
}

/** No look is kept beyond the plan: what an earlier play may have changed is looked at again. */
const planOn = async (
  plays: readonly ExpandedPlay[],
  hosts: readonly HostName[],
  sessions: Sessions,
  slots: HostSlots,
  context: RunContext,
): Promise<Plan> => {
  const planner = new Planner(plays)
  await seeAll(sessionsOf(hosts, sessions).values(), slots, context, (host, look) => planner.see(host, look))
  return planner.plan()
}

/** What was seen before an earlier play may be out of date wherever this one has to do with. */
const planAgain = async (
  play: ExpandedPlay,
  sessions: Sessions,
  slots: HostSlots,
  context: RunContext,
): Promise<PlannedPlay> => {
  const planner = new PlayPlanner(play)
  await seeAll(sessionsOf(hostsToSee([play]), sessions).values(), slots, context, (host, look) =>
    planner.see(host, look),
  )
  return planner.plan(new Map())
}

/** A host with nothing to do needs its connection no longer. */
const closeIdle = async (sessions: Sessions, plan: Plan): Promise<void> => {
  const busy = new Set(
    plan.plays.flatMap(({ steps }) => steps.filter(({ action }) => isAct(action)).map(({ host }) => host)),
  )
  await Promise.all([...sessions.values()].filter(({ host }) => !busy.has(host)).map(session => session.close()))
}

/** As in Ansible, a host that could not be reached weighs more than one that failed. */
const exitCodeOf = (ended: readonly EndedPlay[], stopped: Stopped | null, interrupted: boolean): ExitCode => {
  if (interrupted) return exitCodes.interrupted
  const kinds = new Set<Outcome['_tag']>()
  for (const outcomes of new Set(ended.map(({ outcomes }) => outcomes)))
    for (const { _tag } of outcomes.values()) kinds.add(_tag)
  if (kinds.has('Unreachable')) return exitCodes.unreachable
  if (kinds.has('Failed')) return exitCodes.failed
  if (kinds.has('Locked')) return exitCodes.locked
  if (stopped?.by === 'person') return exitCodes.interrupted
  return stopped !== null || [...kinds].some(kind => kind !== 'Done') ? exitCodes.failed : exitCodes.ok
}
