/** An inventory as `ansible-inventory` prints it, letter for letter but for what would act on a terminal. */
import type { ListedGroup, ListedInventory, ListedVariables } from '../model/ansible-inventory.js'
import { type Data, floatText } from '../model/data.js'
import { toJson } from './json.js'
import { printable } from './printable.js'

/** `--list` (cli/inventory.py, json_inventory). */
export const listText = ({ groups, hosts }: ListedInventory): string => {
  const listed = new Map<string, Data>()
  const seen = new Set<string>()
  const add = (group: ListedGroup): void => {
    const entry = new Map<string, Data>()
    if (group.name !== 'all' && group.hosts.length > 0) entry.set('hosts', group.hosts)
    if (group.children.length > 0) entry.set('children', group.children)
    if (entry.size > 0) listed.set(group.name, entry)
    for (const name of group.children) {
      const child = groups.get(name)
      if (child === undefined || seen.has(name)) continue
      seen.add(name)
      add(child)
    }
  }
  const all = groups.get('all')
  if (all !== undefined) add(all)
  const withVariables = [...hosts].filter(([, variables]) => variables.size > 0)
  listed.set('_meta', new Map([['hostvars', new Map<string, Data>(withVariables)]]))
  return dataText(listed)
}

/** `--host` */
export const hostText = (variables: ListedVariables): string => dataText(variables)

/** `--graph`: a line each, from a group down. */
export const graphLines = ({ groups }: ListedInventory, top: string): readonly string[] => {
  const lines: string[] = []
  const line = (text: string, depth: number): void => {
    lines.push(printable(depth === 0 ? text : `${'  |'.repeat(depth)}--${text}`))
  }
  const draw = (group: ListedGroup, depth: number): void => {
    line(`@${group.name}:`, depth)
    for (const name of group.children) {
      const child = groups.get(name)
      if (child !== undefined) draw(child, depth + 1)
    }
    if (group.name !== 'all') for (const host of group.hosts) line(host, depth + 1)
  }
  const group = groups.get(top)
  if (group !== undefined) draw(group, 0)
  return lines
}

/** As Python's `json.dumps(…, sort_keys=True, indent=4)`. */
const dataText = (data: Data, indent = ''): string => {
  if (typeof data === 'bigint') return String(data)
  if (typeof data === 'number') return floatText(data)
  if (typeof data === 'string' || data === null || typeof data === 'boolean') return toJson(data)
  const within = `${indent}    `
  const items =
    data instanceof Map
      ? [...data].sort(byKey).map(([key, value]) => `${toJson(key)}: ${dataText(value, within)}`)
      : (data as readonly Data[]).map(item => dataText(item, within))
  const [open, close] = data instanceof Map ? ['{', '}'] : ['[', ']']
  if (items.length === 0) return open + close
  return `${open}\n${items.map(item => within + item).join(',\n')}\n${indent}${close}`
}

const byKey = ([a]: readonly [string, Data], [b]: readonly [string, Data]): number => (a < b ? -1 : a > b ? 1 : 0)
