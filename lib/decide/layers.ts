/** Whose variables win: those of the host between what a service falls back on and what a play says, as in Ansible. */
import type { Host } from '../model/inventory.js'
import type { Variables } from '../model/template.js'
import { type Scope, type Surroundings, scopeOf } from './expression/scope.js'

export type Layers = Readonly<{
  /** They give way to everything. */
  defaults: Variables
  /** They win over the inventory, the later ones over those before them. */
  above: readonly Variables[]
  /** They win over all. */
  extra: Variables
}>

export const scopeWith = (
  { name, variables }: Host,
  { defaults, above, extra }: Layers,
  around: Surroundings,
): Scope => {
  const layers = [defaults, variables, ...above, extra].filter(layer => layer.size > 0)
  // Most hosts have nothing but their own, and there may be many of them.
  if (layers.length === 1) return scopeOf({ name, variables }, around)
  return scopeOf({ name, variables: new Map(layers.flatMap(layer => [...layer])) }, around)
}
