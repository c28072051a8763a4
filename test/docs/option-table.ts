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
  const connecting = commandsOf(rows, '--forks')
  const lines = [...rows].sort(([a], [b]) => compare(sortKey(a), sortKey(b)))
  return [
    `All that connect are here ${connecting.join(', ')}. \`apply\` and \`resume\` connect too, with the options of what they take up.`,
    '',
    '| option | meaning | of |',
    '|---|---|---|',
    ...lines.map(([row, commands]) => `${row} ${inShort(commands, connecting).join(', ')} |`),
  ].join('\n')
}

const commandsOf = (rows: ReadonlyMap<string, readonly string[]>, option: string): readonly string[] =>
  [...rows].find(([row]) => row.includes(option))?.[1] ?? []

const inShort = (commands: readonly string[], connecting: readonly string[]): readonly string[] =>
  connecting.every(name => commands.includes(name))
    ? ['all that connect', ...commands.filter(name => !connecting.includes(name))]
    : commands

const cell = (text: string): string => text.replaceAll('|', '\\|')
const sortKey = (row: string): string => /--([\w-]+)/.exec(row)?.[1] ?? row
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
