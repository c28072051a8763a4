/** A service on many hosts: it is placed once for all those that have the same of the variables that it asks for. */
import * as E from 'fp-ts/lib/Either.js'
import type { BecomeWish } from '../model/become.js'
import type { CatalogService, HostService } from '../model/catalog.js'
import type { Host } from '../model/inventory.js'
import type { InputProblem } from '../model/problem.js'
import type { Template, Variable, Variables } from '../model/template.js'
import type { Surroundings } from './expression/scope.js'
import { type Layers, scopeWith } from './layers.js'
import { placeService } from './place-service.js'

/** What a service became on the first of its kind of hosts, with that host's variables and the names asked for. */
type Kind = Readonly<{ placed: HostService; variables: Variables; asked: ReadonlySet<string> }>

/** Where each host is of a kind of its own, looking for its kind would only cost. */
const mostKinds = 16

/** On hosts of one kind all but the host is one and the same object, so that many hosts take little memory. */
export const placingOf = (
  service: CatalogService,
  layers: Layers,
  become: BecomeWish<Template>,
  around: Surroundings,
): ((host: Host) => E.Either<readonly InputProblem[], HostService>) => {
  const kinds: Kind[] = []
  return host => {
    const { name, variables } = host
    const kind = kinds.find(({ asked, variables: others }) => haveSame(asked, variables, others))
    if (kind !== undefined) return E.right({ ...kind.placed, host: name })
    const scope = scopeWith(host, layers, around)
    const asking = new AskedVariables(scope.variables)
    const placed = placeService(service, { ...scope, variables: asking }, become)
    if (E.isRight(placed) && kinds.length < mostKinds)
      kinds.push({ placed: placed.right, variables, asked: asking.asked })
    return placed
  }
}

/** What is laid over a host's own variables is the same everywhere: where those are one, so is what a service sees. */
const haveSame = (names: ReadonlySet<string>, some: Variables, others: Variables): boolean => {
  for (const name of names) if (some.get(name) !== others.get(name)) return false
  return true
}

/** Remembers which names were asked for, those that are not there too. */
class AskedVariables extends Map<string, Variable> {
  readonly asked = new Set<string>()

  override get(name: string): Variable | undefined {
    this.asked.add(name)
    return super.get(name)
  }

  override has(name: string): boolean {
    this.asked.add(name)
    return super.has(name)
  }
}
