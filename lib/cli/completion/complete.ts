/** What may stand where the cursor is: worked out from the tree of commands itself. */
import type { Argument, Command, Option } from 'commander'

/** `names`: what else may stand there, which is not known here. */
export type Completion = Readonly<{ words: readonly Word[]; names: Names | null; given: Given }>
export type Word = Readonly<{ word: string; about: string }>
export type Names = 'file' | 'folder' | 'host' | 'service' | 'service@host' | 'run'
/** Values of options before the cursor, by the option's attribute. */
export type Given = Readonly<Record<string, readonly string[]>>

type Walk = { command: Command; awaiting: Option | null; positional: number; given: Record<string, string[]> }

/** `words`: those behind `steward`, of which the last one is being written. bash takes `--option=value` for three. */
export const complete = (program: Command, words: readonly string[]): Completion => {
  const [, option, value] = /^(--[^=]+)=(.*)$/.exec(words.at(-1) ?? '') ?? []
  if (option === undefined || value === undefined) return completeWord(program, words.flatMap(parted))
  const completion = completeWord(program, [...words.slice(0, -1).flatMap(parted), option, value])
  return { ...completion, words: completion.words.map(({ word, about }) => ({ word: `${option}=${word}`, about })) }
}

/** `--option=value` is the option, and its value. */
const parted = (word: string): readonly string[] => /^(--[^=]+)=(.*)$/.exec(word)?.slice(1) ?? [word]

/**
 * bash takes `service@host` for three words too, and has what is behind `service` completed (measured on bash 5.2).
 * `held`: what stands before that.
 */
export const rejoined = (words: readonly string[]): Readonly<{ words: readonly string[]; held: string }> => {
  const at = words.indexOf('@', 1)
  const before = words[at - 1] ?? '='
  // Behind an option it is the file of a value.
  if (at < 0 || before === '=' || before.startsWith('-')) return { words, held: '' }
  const whole = `${before}@${words[at + 1] ?? ''}`
  return {
    words: [...words.slice(0, at - 1), whole, ...words.slice(at + 2)],
    held: at + 2 < words.length ? '' : before,
  }
}

const completeWord = (program: Command, words: readonly string[]): Completion => {
  const walk: Walk = { command: program, awaiting: null, positional: 0, given: {} }
  for (const word of words.slice(0, -1)) step(walk, word)
  const last = words.at(-1) ?? ''
  const { command, awaiting, positional, given } = walk
  const current = awaiting !== null && last === '=' ? '' : last
  const fits = (found: Pick<Completion, 'words' | 'names'>): Completion => ({
    words: found.words.filter(({ word }) => word.startsWith(current)),
    names: found.names,
    given,
  })
  if (awaiting !== null) return fits(valuesOf(awaiting, awaiting.flags))
  if (current.startsWith('-')) return fits({ words: optionsOf(command), names: null })
  if (command.commands.length > 0) return fits({ words: positional === 0 ? commandsOf(command) : [], names: null })
  const argument = command.registeredArguments[positional] ?? lastIfMany(command.registeredArguments)
  return argument === undefined ? fits({ words: [], names: null }) : fits(valuesOf(argument, `<${argument.name()}>`))
}

const step = (walk: Walk, word: string): void => {
  const { command, awaiting } = walk
  if (awaiting !== null) {
    if (word === '=') return
    const name = awaiting.attributeName()
    walk.given[name] = [...(walk.given[name] ?? []), word]
    walk.awaiting = null
  } else if (word.startsWith('-')) {
    const option = command.options.find(({ short, long }) => word === short || word === long)
    walk.awaiting = option?.required === true ? option : null
  } else {
    const sub = command.commands.find(one => one.name() === word)
    if (sub !== undefined && walk.positional === 0) walk.command = sub
    else walk.positional += 1
  }
}

const commandsOf = (command: Command): readonly Word[] =>
  command
    .createHelp()
    .visibleCommands(command)
    .map(one => ({ word: one.name(), about: one.summary() || one.description() }))

const optionsOf = (command: Command): readonly Word[] =>
  command
    .createHelp()
    .visibleOptions(command)
    .map(({ long, short, description }) => ({ word: long ?? short ?? '', about: description }))

const valuesOf = (of: Option | Argument, flags: string): Pick<Completion, 'words' | 'names'> => ({
  words: (of.argChoices ?? []).map(word => ({ word, about: '' })),
  names: namesFor(/[<[]([^\]>.]+)/.exec(flags)?.[1] ?? ''),
})

const lastIfMany = (all: readonly Argument[]): Argument | undefined => {
  const last = all.at(-1)
  return last?.variadic === true ? last : undefined
}

/** By what the help calls the value. */
const namesFor = (value: string): Names | null => {
  switch (value) {
    case 'file':
    case 'playbook':
    case 'source':
    case 'vars':
      return 'file'
    case 'folder':
      return 'folder'
    case 'host':
    case 'pattern':
      return 'host'
    case 'service':
    case 'service@host':
    case 'run':
      return value
    default:
      return null
  }
}
