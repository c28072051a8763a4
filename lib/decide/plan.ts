/** The plan: for every service of a play on every host, what is to be done and what that comes after. */
import type { HostService } from '../model/catalog.js'
import { groupBy, groupByEach } from '../model/group-by.js'
import type { HostName } from '../model/names.js'
import type { Looks } from '../model/observation.js'
import type { Plan, PlannedPlay } from '../model/plan.js'
import type { ExpandedPlay } from '../model/playbook.js'
import { Foresight } from './foresee.js'
import type { LookAtHost } from './host-steps.js'
import { PlayPlanner } from './play-planner.js'
import { predict } from './predict.js'

/** Pure: equal looks, in any order, give an equal plan. */
export const planPlaybook = (plays: readonly ExpandedPlay[], looks: Looks): Plan => {
  const planner = new Planner(plays)
  for (const [host, look] of looks) planner.see(host, look)
  return planner.plan()
}

/** What must change and in what order. */
export const planPlay = (play: ExpandedPlay, looks: Looks): PlannedPlay => new PlayPlanner(play).plan(looks)

/** A plan in the making: a look is judged as soon as it is there, and is seldom needed any more then. */
export class Planner {
  readonly #plays: readonly PlayPlanner[]
  readonly #playsOn: ReadonlyMap<HostName, readonly PlayPlanner[]>
  /** Where one play has something to do, later ones are planned on what that should lead to. */
  readonly #changing = new Map<HostName, LookAtHost>()

  constructor(plays: readonly ExpandedPlay[]) {
    this.#plays = plays.map(play => new PlayPlanner(play))
    this.#playsOn = groupByEach(this.#plays, ({ hosts }) => hosts)
  }

  /** By all plays up to the first that has something to do there. */
  see(host: HostName, look: LookAtHost): void {
    const plays = this.#playsOn.get(host) ?? []
    const first = plays.findIndex(play => play.see(host, look))
    if (first >= 0 && first + 1 < plays.length) this.#changing.set(host, look)
  }

  /** When all hosts have been seen. */
  plan(): Plan {
    const plays: PlannedPlay[] = []
    let expected: Looks = this.#changing
    const foresight = new Foresight()
    for (const planner of this.#plays) {
      const planned = foresight.see(planner.play, planner.plan(expected))
      plays.push(planned)
      if (this.#plays.length > 1) expected = predict(planner.play, planned, expected)
    }
    return { plays }
  }
}

/** To tell the processes of those that share a host. */
export const servicesByHost = (services: readonly HostService[]): ReadonlyMap<HostName, readonly HostService[]> =>
  groupBy(services, ({ host }) => host)
