/** An inventory as `ansible-inventory` shows it: groups with what stands right in them, and variables as data. */
import type { Data } from './data.js'

export type ListedInventory = Readonly<{
  /** In the order they were declared; `all` is the first. */
  groups: ReadonlyMap<string, ListedGroup>
  /** Those in `all`, with everything that counts for them. */
  hosts: ReadonlyMap<string, ListedVariables>
  /** This machine by its names, where the inventory has none of them. */
  localhost: ReadonlyMap<string, ListedVariables>
}>

/** `hosts` and `children` are those right in the group, in the order they came. */
export type ListedGroup = Readonly<{ name: string; hosts: readonly string[]; children: readonly string[] }>
export type ListedVariables = ReadonlyMap<string, Data>
