/** The table of all options that any command has, made of the commands themselves. */
import { callable, commandTree, shownOptions } from './command-tree.js'

export const optionTable = async (): Promise<string> => {
  const rows = new Map<string, string[]>()
  for (const [usage, command] of callable(await commandTree())) {
    for (const option of shownOptions(command)) {
      const { flags, description, defaultValue, defaultValueDescription, argChoices } = option
      const choices = argChoices === undefined ? '' : `; ${argChoices.map(word => `\`${word}\``).join(' or ')}`
      const given = defaultValue === undefined ? '' : `; ${defaultValueDescription ?? defaultValue} if not given`
      const key = `| \`${flags}\` | ${cell(description + choices + given)} |`
      const commands = rows.get(key) ?? []
      rows.set(key, [...commands, usage.replace(/ [<[].*$/, '')])
    }
  }
  const lines = [...rows].sort(([a], [b]) => compare(sortKey(a), sortKey(b)))
  return [
    '| option | meaning | of |',
    '|---|---|---|',
    ...lines.map(([row, commands]) => `${row} ${commands.join(', ')} |`),
  ].join('\n')
}

const cell = (text: string): string => text.replaceAll('|', '\\|')
const sortKey = (row: string): string => /--([\w-]+)/.exec(row)?.[1] ?? row
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
