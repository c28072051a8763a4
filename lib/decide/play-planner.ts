/** One play of a plan, host by host as they are seen. */
import type { HostService } from '../model/catalog.js'
import { groupBy } from '../model/group-by.js'
import type { HostName } from '../model/names.js'
import type { Looks } from '../model/observation.js'
import { isAct, type PlannedPlay, type Step } from '../model/plan.js'
import type { DesiredService, ExpandedPlay } from '../model/playbook.js'
import type { Reason } from '../model/reason.js'
import { type LookAtHost, lacksOn, lookAtHost, stepsOn } from './host-steps.js'
import { refusalsIn } from './refusals.js'
import { inOrder, neighboursOf, order } from './step-order.js'

export class PlayPlanner {
  readonly play: ExpandedPlay
  /** Sorted, as are the services of each: the order in which they are declared shows in no plan. */
  readonly hosts: readonly HostName[]
  readonly #desired: ReadonlyMap<HostName, readonly DesiredService[]>
  readonly #prerequisites: ReadonlyMap<HostName, readonly HostService[]>
  readonly #steps = new Map<HostName, readonly Step[]>()
  /** Why what is required cannot be relied on, null where it can. */
  readonly #lacks = new Map<HostService, Reason | null>()

  constructor(play: ExpandedPlay) {
    this.play = play
    this.#desired = groupBy(play.desired, ({ service }) => service.host)
    this.#prerequisites = groupBy(play.prerequisites, ({ host }) => host)
    this.hosts = [...new Set([...this.#desired.keys(), ...this.#prerequisites.keys()])].sort(compare)
  }

  /** Is anything to be done there? */
  see(host: HostName, look: LookAtHost): boolean {
    const required = this.#prerequisites.get(host) ?? []
    const steps = stepsOn(look, this.#desiredOn(host), required)
    this.#steps.set(host, steps)
    for (const [service, lack] of lacksOn(look, required)) this.#lacks.set(service, lack)
    return steps.some(isToDo)
  }

  /** `looks` at the hosts that have not been seen. */
  plan(looks: Looks): PlannedPlay {
    for (const host of this.hosts) if (!this.#steps.has(host)) this.see(host, lookAtHost(looks, host))
    const steps = this.hosts.flatMap(host => this.#steps.get(host) ?? [])
    const { name, part } = this.play
    const of = part === undefined ? {} : { batch: part.batch, rollout: part.rollout }
    return { name, ...of, steps: steps.some(isToDo) ? this.#inOrder(steps) : steps }
  }

  #inOrder(steps: readonly Step[]): readonly Step[] {
    const desired = this.hosts.flatMap(host => this.#desiredOn(host))
    const neighbours = neighboursOf([...desired, ...(this.play.part?.earlier ?? [])])
    const refusal = refusalsIn(this.play, this.#lacks)
    return inOrder(
      steps.map((step, i) => {
        const service = desired[i]?.service
        return service === undefined ? step : order(step, service, neighbours, refusal)
      }),
    )
  }

  #desiredOn(host: HostName): readonly DesiredService[] {
    return (this.#desired.get(host) ?? []).toSorted((a, b) => compare(a.service.name, b.service.name))
  }
}

const isToDo = ({ action }: Step): boolean => isAct(action)

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
