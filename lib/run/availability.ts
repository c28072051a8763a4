/** How many instances of a service are away, counted from what is seen right before another one is taken away. */
import * as E from 'fp-ts/lib/Either.js'
import { judge } from '../decide/judge.js'
import type { HostService } from '../model/catalog.js'
import type { Clock } from '../model/clock.js'
import type { HostName, ServiceName } from '../model/names.js'
import { type StepId, stepId } from '../model/plan.js'
import { joined, ownReason, type Reason, reason } from '../model/reason.js'
import { verdictReason } from '../model/words.js'
import type { HostSession } from './host-session.js'
import type { HostSlots } from './host-slots.js'
import { pace } from './pace.js'

type Settings = Readonly<{
  sessions: ReadonlyMap<HostName, HostSession>
  neighbours: ReadonlyMap<HostName, readonly HostService[]>
  slots: HostSlots
  clock: Clock
  interrupted: () => boolean
}>

/** Told what is waited for. */
type OnWait = (what: string) => void

/** Instances that are away, each with what it was seen to be. */
type Away = ReadonlyMap<HostName, Reason>

export class Availability {
  readonly #instances: ReadonlyMap<ServiceName, readonly HostService[]>
  readonly #settings: Settings
  /** What this run has taken away and not yet seen back. */
  readonly #taken = new Set<StepId>()
  /** One counts at a time: two that count at once would both find room for one. */
  readonly #turns = new Map<ServiceName, Promise<unknown>>()

  /** `instances`: all of each service that counts, wherever they are. */
  constructor(instances: ReadonlyMap<ServiceName, readonly HostService[]>, settings: Settings) {
    this.#instances = instances
    this.#settings = settings
  }

  /**
   * Waits until this instance may be taken away; then `giveBack` says that it is back or lost, and only a look tells
   * which. A text says why it may not be, after waiting as long as an instance may take to start.
   */
  take(service: HostService, onWait: OnWait): Promise<Reason | null> {
    const before = this.#turns.get(service.name) ?? Promise.resolve()
    const turn = before.then(() => this.#take(service, onWait))
    this.#turns.set(service.name, turn)
    return turn
  }

  giveBack(service: HostService): void {
    this.#taken.delete(stepId(service))
  }

  async #take(service: HostService, onWait: OnWait): Promise<Reason | null> {
    const { maxUnavailable } = service
    if (maxUnavailable === null) return null
    const { clock, interrupted } = this.#settings
    const next = pace(clock)
    let untilMs = clock.now() + service.ready.withinMs
    let told = ''
    for (;;) {
      // What this run has taken away comes back or fails in its own time; by the end of a long look it may have.
      const isOurs = this.#instances.get(service.name)?.some(one => this.#taken.has(stepId(one))) ?? false
      const away = await this.#awayOf(service)
      if (isOurs) untilMs = clock.now() + service.ready.withinMs
      // It is away already, or there is room.
      if (away.has(service.host) || away.size < maxUnavailable.most) {
        this.#taken.add(stepId(service))
        return null
      }
      const words = joined(
        [...away].map(([host, what]) => reason`${service.name}@${host} (${what})`),
        ', ',
      )
      const why = reason`${away.size} of ${maxUnavailable.of} instances are away and no more than ${maxUnavailable.most} may be: ${words}`
      if (interrupted() || !(await next(untilMs))) return why
      if (why.why !== told) onWait(`others of it to be back: ${words.why}`)
      told = why.why
    }
  }

  async #awayOf({ name }: HostService): Promise<Away> {
    const seen = (this.#instances.get(name) ?? []).map(async one => [one.host, await this.#see(one)] as const)
    const states = await Promise.all(seen)
    return new Map(states.flatMap(([host, state]) => (state === null ? [] : [[host, state] as const])))
  }

  /** Null where it runs, and nobody is at work on it. */
  async #see(service: HostService): Promise<Reason | null> {
    const { sessions, neighbours, slots } = this.#settings
    const { host } = service
    if (this.#taken.has(stepId(service))) return ownReason('being restarted')
    const session = sessions.get(host)
    if (session === undefined) return ownReason('not looked at')
    const look = await slots.use(host, () => session.look())
    if (E.isLeft(look)) return ownReason('out of reach')
    const verdict = judge(service, look.right, neighbours.get(host) ?? [])
    return verdict._tag === 'running' ? null : verdictReason(verdict)
  }
}
