/** Instances of an `each` that run although no line of its file names them any more. */
import type { HostProcess, Instance } from '../model/catalog.js'
import type { Process } from '../model/observation.js'
import { wordsIn } from '../model/safe-pattern.js'
import type { LineTemplate } from '../model/template.js'
import { harmless, instanceOf, labelOf } from './instances.js'
import { fitOf, isAlive, mayRun, type Names } from './recognise.js'

/** An instance that some processes would be, if it were declared. */
type Undeclared = Readonly<{ instance: Instance; running: readonly Process[] }>

/** Processes that have the form of one of `process` and are none of `declared`. */
export const undeclaredIn = (
  process: HostProcess,
  declared: readonly Instance[],
  processes: readonly Process[],
  host: Names,
): readonly Undeclared[] => {
  const form = formOf(process)
  if (form === null) return []
  const known = new Set(declared.map(({ args }) => args.join('\0')))
  const byArgs = new Map<string, { instance: Instance; running: Process[] }>()
  for (const one of processes) {
    const values = isAlive(one) ? valuesIn(form, one) : null
    if (values === null) continue
    const instance = withoutCommands(instanceOf(process, labelOf([...values.values()]), values), values)
    const key = instance.args.join('\0')
    if (known.has(key) || fitOf(one, instance, host) !== 'yes' || !mayRun(one, instance)) continue
    const entry = byArgs.get(key) ?? { instance, running: [] }
    entry.running.push(one)
    byArgs.set(key, entry)
  }
  return [...byArgs.values()]
}

type Values = ReadonlyMap<string, string>

/** Anybody on the host can call a process as they like: such a word becomes part of no command, not even quoted. */
const withoutCommands = (instance: Instance, values: Values): Instance =>
  [...values.values()].every(value => harmless.test(value)) ? instance : { ...instance, start: null, stop: null }

/** The arguments as patterns, and those of calls of its commands, such as `poll start Dns 1`, which are no instances. */
type Form = Readonly<{ args: readonly string[]; variables: readonly string[]; calls: readonly (readonly string[])[] }>

const formOf = ({ args, each, start, stop }: HostProcess): Form | null => {
  if (each === null) return null
  // Without one argument that is known as it stands, anything would fit.
  if (!args.some(({ parts }) => parts.every(part => typeof part === 'string'))) return null
  const variables = args.flatMap(({ parts }) =>
    parts.flatMap(part => (typeof part === 'string' ? [] : [part.variable])),
  )
  // What the arguments do not show cannot be told from them.
  if (!each.as.every(name => variables.includes(name))) return null
  return { args: args.map(patternOf), variables, calls: [start, stop].flatMap(wordPatternsOf) }
}

const patternOf = ({ parts }: LineTemplate): string =>
  parts.map(part => (typeof part === 'string' ? quoted(part) : oneWord)).join('')

const quoted = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')

/** What a line of the file may hold. */
const oneWord = '([A-Za-z0-9_./@%+=:,-]+)'

/** A command's words, each as a pattern. */
const wordPatternsOf = (command: LineTemplate | null): readonly (readonly string[])[] =>
  command === null ? [] : [patternOf(command).split(/ +/)]

const valuesIn = ({ args, variables, calls }: Form, process: Process): Values | null => {
  if (calls.some(words => words.length > args.length && bind(words, process) !== null)) return null
  const words = bind(args, process)
  if (words === null) return null
  const values = new Map<string, string>()
  for (const [i, variable] of variables.entries()) {
    const word = words[i] ?? ''
    if ((values.get(variable) ?? word) !== word) return null
    values.set(variable, word)
  }
  return values
}

/** What stands for the variables where all the patterns fit arguments side by side. */
const bind = (patterns: readonly string[], { args }: Process): readonly string[] | null => {
  for (let start = 0; start + patterns.length <= args.length; start += 1) {
    const found: string[] = []
    for (const [i, pattern] of patterns.entries()) {
      const words = wordsIn(pattern, args[start + i] ?? '')
      if (words === null) break
      found.push(...words)
      if (i === patterns.length - 1) return found
    }
  }
  return null
}
