/** Calls of a service's own start and stop commands that are under way: not the service, and a reason to wait. */
import type { HostService, Instance } from '../model/catalog.js'
import type { Process } from '../model/observation.js'
import { unitNameOf } from '../model/unit.js'
import type { Evidence } from '../model/verdict.js'
import { holdsArgs, isAlive, isInterpreter, standsIn, wordsFor } from './recognise.js'
import { restartOf } from './script.js'
import type { ProcessTable } from './table.js'

/** `stop` holds all that the calls have called too: `bin/subscriber stop` is no subscriber. */
export type Calls = Readonly<{ start: readonly Process[]; stop: ReadonlySet<Process> }>

export const callsIn = (service: HostService, instances: readonly Instance[], table: ProcessTable): Calls => {
  const commands = commandsFor(service, instances)
  const stop = withDescendants(callsOf(service, commands.stop, table), table.all)
  return { start: callsOf(service, commands.start, table.without(stop)), stop }
}

/** Is it counted as a copy of the service, whatever command it was called by? */
export const isCopy = (process: Process, { instances }: Pick<Evidence, 'instances'>): boolean =>
  instances.some(({ copies }) => copies.some(copy => copy.includes(process)))

type Words = readonly string[]

/** `firstWords`: every process that a command shows in has one of them. */
type Command = Readonly<{ verb: 'start' | 'stop'; words: readonly Words[]; firstWords: Words }>
type Commands = Readonly<{ start: Command; stop: Command }>

const commandsOf = (service: HostService, instances: readonly Instance[]): Commands => ({
  start: commandOf('start', startCommands(service, instances)),
  stop: commandOf('stop', stopCommands(service, instances)),
})

/** Where `ps` has joined words, a call is found by the first of those. */
const commandOf = (verb: Command['verb'], words: readonly Words[]): Command => ({
  verb,
  words,
  firstWords: [verb, ...words.flatMap(([first = '']) => [first, ...wordsFor([first]).slice(0, 1)])],
})

type Source = Readonly<{ service: HostService; commands: Commands }>
const sources = new WeakMap<readonly Instance[], Source>()

/** Worked out once where a service has the same instances on many hosts. */
const commandsFor = (service: HostService, instances: readonly Instance[]): Commands => {
  const known = sources.get(instances)
  if (known !== undefined && areCalledAlike(known.service, service)) return known.commands
  const commands = commandsOf(service, instances)
  sources.set(instances, { service, commands })
  return commands
}

const areCalledAlike = (one: HostService, other: HostService): boolean =>
  one.scripts === other.scripts && one.start === other.start && one.stop.command === other.stop.command

/** A command that what it starts also shows (`bin/pinger`) tells nothing. */
const startCommands = (service: HostService, instances: readonly Instance[]): readonly Words[] => {
  const scripts = service.scripts.map(script => `${script} start`)
  const units = service.scripts.map(unitNameOf).map(unit => (unit === null ? null : restartOf(unit)))
  return wordsOf([...scripts, ...units, service.start, ...instances.map(({ start }) => start)]).filter(
    words => !instances.some(({ args }) => standsIn(words, args)),
  )
}

const stopCommands = (service: HostService, instances: readonly Instance[]): readonly Words[] => {
  const scripts = service.scripts.map(script => `${script} stop`)
  return wordsOf([...scripts, service.stop.command, ...instances.map(({ stop }) => stop)])
}

/** How a call of a command looks in a process list: its words, or all of it as one, as in `sh -c "…"`. */
const wordsOf = (commands: readonly (string | null)[]): readonly Words[] =>
  commands.flatMap(command => {
    if (command === null) return []
    const plain = /^[A-Za-z0-9_./@%+=:, -]+$/.test(command)
    return plain ? [command.split(/ +/), [command]] : [[command]]
  })

/**
 * Calls of these commands, and of the init script from wherever: `./enstratus-km start`, or
 * `/etc/rc3.d/S20enstratus-km start` at boot.
 */
const callsOf = (
  service: HostService,
  { verb, words, firstWords }: Command,
  table: ProcessTable,
): readonly Process[] => {
  const processes = table.having(firstWords)
  if (processes.length === 0) return []
  const names = new Set(service.scripts.map(baseName))
  const callsScript = ({ args }: Process): boolean =>
    args.some((arg, i) => {
      if (args[i + 1] !== verb) return false
      const called = baseName(arg)
      return names.has(called) || names.has(called.replace(/^[SK]\d\d/, ''))
    })
  return processes.filter(
    process => isAlive(process) && (callsScript(process) || words.some(one => isCallOf(process, one))),
  )
}

/** A bare word, such as `true`, may stand in anybody's command line: there it has to be all that is called. */
const isCallOf = (process: Process, words: Words): boolean => {
  const [word = ''] = words
  if (words.length > 1 || !/^[\w.@%+=:,-]+$/.test(word)) return holdsArgs(process, words)
  const { args } = process
  const [program = '', ...options] = args.slice(0, -1)
  const isBehindInterpreter = isInterpreter(baseName(program)) && options.every(option => option.startsWith('-'))
  return args.at(-1) === word && (args.length === 1 || isBehindInterpreter)
}

const baseName = (path: string): string => path.replace(/^.*\//, '')

const withDescendants = (calls: readonly Process[], processes: readonly Process[]): ReadonlySet<Process> => {
  if (calls.length === 0) return noProcesses
  const family = new Set(calls)
  const pids = new Set(calls.map(({ pid }) => pid))
  for (let before = -1; before !== family.size; ) {
    before = family.size
    for (const process of processes) {
      if (!pids.has(process.ppid) || pids.has(process.pid)) continue
      family.add(process)
      pids.add(process.pid)
    }
  }
  return family
}

const noProcesses: ReadonlySet<Process> = new Set()
