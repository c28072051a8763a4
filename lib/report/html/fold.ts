/** A run as a report tells it: a fold over its events. */
import type { Recap, RunEvent } from '../../model/event.js'
import type { ExitCode } from '../../model/exit-code.js'
import type { Plan, Step } from '../../model/plan.js'
import { playInWords } from '../../model/rollout.js'
import type { Verdict } from '../../model/verdict.js'

export type RunReport = Readonly<{
  title: string
  startedAtMs: number
  /** Null while it is under way; so it stays where it was cut off. */
  endedAtMs: number | null
  lastAtMs: number
  exitCode: ExitCode | null
  hosts: readonly string[]
  plays: readonly PlayReport[]
  stopped: Extract<RunEvent, { _tag: 'RolloutStopped' }> | null
  recap: Recap | null
}>

type PlayReport = { readonly name: string; readonly steps: StepReport[] }

export type StepEnd = 'ok' | 'changed' | 'failed' | 'unreachable' | 'skipped' | 'under way' | 'not begun'

/** One step: planned, or of a rollback that no plan foresaw; it fills as events come in. */
export type StepReport = {
  readonly id: string
  readonly planned: Step | null
  end: StepEnd
  /** What it is now, or why it is not as it should be. */
  words: string
  wayOut: string | null
  output: string | null
  after: Verdict | null
  startedAtMs: number | null
  endedAtMs: number | null
  readonly waits: Readonly<{ atMs: number; for: string }>[]
  readonly commands: Readonly<{ what: string; code: number; output: string }>[]
  readonly signals: string[]
}

export const reportOf = (events: readonly RunEvent[]): RunReport => {
  const plays: PlayReport[] = []
  const steps = new Map<PlayReport, Map<string, StepReport>>()
  /** A rollback is of no play of the plan, and has steps that no plan foresaw. */
  let rollback: PlayReport | null = null
  const add = (play: PlayReport, id: string, planned: Step | null): StepReport => {
    const step = newStep(id, planned)
    play.steps.push(step)
    steps.set(play, (steps.get(play) ?? new Map<string, StepReport>()).set(id, step))
    return step
  }
  const addPlan = (plan: Plan): void => {
    for (const { name, batch, steps: planned } of plan.plays) {
      const play: PlayReport = { name: playInWords({ name, ...(batch === undefined ? {} : { batch }) }), steps: [] }
      plays.push(play)
      for (const step of planned) add(play, step.id, step)
    }
  }
  const find = ({ id, play: number }: Readonly<{ id: string; play?: number }>): StepReport => {
    const play = (number === undefined ? rollback : plays[number]) ?? newPlay(plays, '')
    return steps.get(play)?.get(id) ?? add(play, id, null)
  }
  let report: Omit<RunReport, 'plays'> = untold
  for (const event of events) {
    report = { ...report, lastAtMs: event.atMs }
    switch (event._tag) {
      case 'RunStarted':
        report = { ...report, title: event.playbook, startedAtMs: event.atMs, hosts: event.hosts }
        break
      case 'Planned':
        addPlan(event.plan)
        break
      case 'PlayStarted':
        if (event.play === undefined) rollback = newPlay(plays, playInWords(event))
        break
      case 'RolloutStopped':
        report = { ...report, stopped: event }
        break
      case 'RunEnded':
        report = { ...report, endedAtMs: event.atMs, recap: event.recap, exitCode: event.exitCode }
        break
      case 'StepStarted':
        Object.assign(find(event), { end: 'under way', startedAtMs: event.atMs })
        break
      case 'StepWaited':
        find(event).waits.push({ atMs: event.atMs, for: event.for })
        break
      case 'CommandEnded':
        find(event).commands.push(event)
        break
      case 'SignalSent':
        find(event).signals.push(`${event.signal} to ${event.process}`)
        break
      case 'StepSucceeded':
        endStep(find(event), event.changed ? 'changed' : 'ok', event.now, event.atMs, { after: event.found })
        break
      case 'StepFailed':
        endStep(find(event), 'failed', event.why, event.atMs, { wayOut: event.wayOut, output: event.output })
        break
      case 'StepUnreachable':
        endStep(find(event), 'unreachable', event.why, event.atMs)
        break
      case 'StepSkipped':
        endStep(find(event), 'skipped', event.because, event.atMs)
        break
      case 'HostKeyRecorded':
      case 'LoginTried':
      case 'HostObserved':
      case 'HostUnreachable':
      case 'BatchHeld':
        break
    }
  }
  return { ...report, plays }
}

const untold: Omit<RunReport, 'plays'> = {
  title: '',
  startedAtMs: 0,
  endedAtMs: null,
  lastAtMs: 0,
  exitCode: null,
  hosts: [],
  stopped: null,
  recap: null,
}

const newPlay = (plays: PlayReport[], name: string): PlayReport => {
  const play = { name, steps: [] }
  plays.push(play)
  return play
}

const newStep = (id: string, planned: Step | null): StepReport => ({
  id,
  planned,
  end: 'not begun',
  words: '',
  wayOut: null,
  output: null,
  after: null,
  startedAtMs: null,
  endedAtMs: null,
  waits: [],
  commands: [],
  signals: [],
})

const endStep = (step: StepReport, end: StepEnd, words: string, atMs: number, more: Partial<StepReport> = {}): void => {
  Object.assign(step, { end, words, endedAtMs: atMs, ...more })
}
