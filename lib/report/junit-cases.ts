/** What came of each service on each host, play by play: a fold over the events of a run. */
import type { RunEvent } from '../model/event.js'
import { idParts, type PlannedPlay } from '../model/plan.js'
import { type Batch, hostsByKind, playInWords } from '../model/rollout.js'

export type Ending =
  | Readonly<{ _tag: 'Passed'; text: string }>
  | Readonly<{ _tag: 'Skipped'; why: string }>
  /** It was tried, and is not as it should be. */
  | Readonly<{ _tag: 'Failure'; type: string; why: string; more: readonly string[] }>
  /** It is not known how it is. */
  | Readonly<{ _tag: 'Error'; type: string; why: string; more: readonly string[] }>

/** `notes`: commands that came back and signals that were sent. */
export type Case = { className: string; name: string; tookMs: number; notes: string[]; ending: Ending }

export type Suite = {
  name: string
  play: string
  startedAtMs: number
  tookMs: number
  hasBegun: boolean
  cases: Case[]
}

export const suitesOf = (events: readonly RunEvent[]): readonly Suite[] => {
  const gathered = new Gathered()
  for (const event of events) gathered.take(event)
  return gathered.end()
}

class Gathered {
  #title = ''
  #startedAtMs = 0
  #lastAtMs = 0
  #exitCode: number | null = null
  #planned: Suite[] = []
  /** A rollback is of no play of the plan. */
  readonly #others: Suite[] = []
  readonly #cases = new Map<Suite, Map<string, Case>>()
  readonly #began = new Map<Case, number>()

  take(event: RunEvent): void {
    this.#lastAtMs = event.atMs
    if ('id' in event) this.#takeStep(event)
    else this.#takeOther(event)
  }

  #takeOther(event: Exclude<RunEvent, { id: string }>): void {
    switch (event._tag) {
      case 'RunStarted':
        this.#title = event.playbook
        this.#startedAtMs = event.atMs
        return
      case 'Planned':
        this.#planned = event.plan.plays.map(play => this.#planOf(play))
        return
      case 'PlayStarted': {
        const suite = event.play === undefined ? this.#addOther(event.name, event.batch) : this.#planned[event.play]
        if (suite !== undefined) Object.assign(suite, { startedAtMs: event.atMs, hasBegun: true })
        return
      }
      case 'RolloutStopped': {
        const hosts = hostsByKind(event.hosts).map(([kind, names]) => `${kind}: ${names.join(', ')}`)
        const ofPlay = this.#planned.filter(({ play }) => play === event.name)
        const suite = ofPlay.findLast(({ hasBegun }) => hasBegun) ?? ofPlay[0] ?? this.#addOther(event.name)
        suite.cases.push(caseOf(event.name, 'rollout', failure('stopped', event.why, hosts)))
        return
      }
      case 'RunEnded':
        this.#exitCode = event.exitCode
        return
      case 'HostKeyRecorded':
      case 'LoginTried':
      case 'HostObserved':
      // Its steps tell of it.
      case 'HostUnreachable':
      case 'BatchHeld':
        return
    }
  }

  /** Whatever else a run comes to, it passes only where it has ended with 0. */
  end(): readonly Suite[] {
    const suites = [...this.#planned, ...this.#others]
    const isBad = suites.some(({ cases }) =>
      cases.some(({ ending }) => ending._tag === 'Failure' || ending._tag === 'Error'),
    )
    if (this.#exitCode === 0 || (this.#exitCode !== null && isBad)) return suites
    const why = this.#exitCode === null ? 'the run was cut short' : `the run ended with ${this.#exitCode}`
    const run = this.#suite(this.#title)
    run.cases.push(caseOf('steward', 'run', { _tag: 'Error', type: 'run', why, more: [] }))
    return [...suites, run]
  }

  #takeStep(event: Extract<RunEvent, { id: string }>): void {
    const suite = event.play === undefined ? this.#others.at(-1) : this.#planned[event.play]
    if (suite === undefined) return
    const known = this.#cases.get(suite)?.get(event.id) ?? this.#addCase(suite, event.id, null)
    if (suite.hasBegun) suite.tookMs = Math.max(0, event.atMs - suite.startedAtMs)
    const began = this.#began.get(known)
    known.tookMs = began === undefined ? 0 : Math.max(0, event.atMs - began)
    switch (event._tag) {
      case 'StepStarted':
        this.#began.set(known, event.atMs)
        known.ending = { _tag: 'Error', type: 'unknown', why: 'what became of it is not known', more: [] }
        return
      case 'CommandEnded':
        known.notes.push(`${event.what} ended with ${event.code}`)
        return
      case 'SignalSent':
        known.notes.push(`sent ${event.signal} to ${event.process}`)
        return
      case 'StepWaited':
        return
      case 'StepSucceeded':
        known.ending = { _tag: 'Passed', text: `${event.changed ? 'changed' : 'ok'}: ${event.now}` }
        return
      case 'StepFailed':
        known.ending = failure(
          'failed',
          event.why,
          [event.wayOut, event.output].filter(one => one !== null),
        )
        return
      case 'StepUnreachable':
        known.ending = { _tag: 'Error', type: 'unreachable', why: event.why, more: [] }
        return
      case 'StepSkipped':
        known.ending = { _tag: 'Skipped', why: event.because }
    }
  }

  #planOf({ name, batch, steps }: PlannedPlay): Suite {
    const suite = this.#suite(name, batch)
    for (const { id, desired } of steps) this.#addCase(suite, id, desired)
    return suite
  }

  #addOther(name: string, batch?: Batch): Suite {
    const suite = this.#suite(name, batch)
    this.#others.push(suite)
    return suite
  }

  #suite(play: string, batch?: Batch): Suite {
    const name = playInWords({ name: play, ...(batch === undefined ? {} : { batch }) })
    const startedAtMs = this.#others.length === 0 && this.#planned.length === 0 ? this.#startedAtMs : this.#lastAtMs
    return { name, play, startedAtMs, tookMs: 0, hasBegun: false, cases: [] }
  }

  /** Named by what should be, and not by what was to be done for it: CI follows a case from run to run by its name. */
  #addCase(suite: Suite, id: string, desired: string | null): Case {
    const { service, host } = idParts(id)
    const ending: Ending = { _tag: 'Skipped', why: 'the run ended before it' }
    const added = caseOf(host, desired === null ? service : `${service} ${desired}`, ending)
    suite.cases.push(added)
    this.#cases.set(suite, (this.#cases.get(suite) ?? new Map<string, Case>()).set(id, added))
    return added
  }
}

const caseOf = (className: string, name: string, ending: Ending): Case => ({
  className,
  name,
  tookMs: 0,
  notes: [],
  ending,
})

const failure = (type: string, why: string, more: readonly string[]): Ending => ({ _tag: 'Failure', type, why, more })
