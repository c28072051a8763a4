/** The real tree of commands, in this process: it is caught where the program would begin to read its command line. */
import { Command, type Option } from 'commander'

let caught: Promise<Command> | null = null

/** Nothing that it parses is done, and nothing is printed. */
export const commandTree = (): Promise<Command> => {
  caught ??= catchTree()
  return caught
}

const catchTree = async (): Promise<Command> => {
  const original = Command.prototype.parseAsync
  const listeners = new Map(emitters.map(([emitter, event]) => [emitter, emitter.listeners(event)] as const))
  const program = await new Promise<Command>((resolve, reject) => {
    Command.prototype.parseAsync = function (this: Command) {
      resolve(this)
      // The program goes no further than this.
      return new Promise(() => {})
    }
    import('../../lib/cli/main.js').catch(reject)
  })
  Command.prototype.parseAsync = original
  for (const [emitter, event] of emitters) {
    for (const listener of emitter.listeners(event)) {
      if (!listeners.get(emitter)?.includes(listener)) emitter.off(event, listener as () => void)
    }
  }
  for (const command of [program, ...commandsBelow(program)]) {
    command.exitOverride().configureOutput({ writeOut: () => {}, writeErr: () => {} })
    if (command.commands.length === 0) command.action(() => {})
  }
  return program
}

/** Where the program listens for what would end it. */
const emitters: readonly (readonly [NodeJS.EventEmitter, string])[] = [
  [process, 'uncaughtException'],
  [process, 'unhandledRejection'],
  [process.stdout, 'error'],
  [process.stderr, 'error'],
]

/** All that the help shows, but for `help` itself. */
const commandsBelow = (command: Command): readonly Command[] => {
  const shown = new Set(command.createHelp().visibleCommands(command))
  return command.commands.flatMap(one => (shown.has(one) ? [one, ...commandsBelow(one)] : []))
}

/** Those that do something, by how they are called: `vault view <file...>`. */
export const callable = (program: Command): ReadonlyMap<string, Command> =>
  new Map(
    commandsBelow(program)
      .filter(command => command.commands.length === 0)
      .map(command => [usageOf(program, command), command]),
  )

const usageOf = (program: Command, command: Command): string => {
  const names: string[] = []
  for (let one: Command | null = command; one !== null && one !== program; one = one.parent) names.unshift(one.name())
  const wanted = command.registeredArguments.map(one => {
    const name = one.name() + (one.variadic ? '...' : '')
    return one.required ? `<${name}>` : `[${name}]`
  })
  return [...names, ...wanted].join(' ')
}

export const shownOptions = (command: Command): readonly Option[] => command.options.filter(option => !option.hidden)

/** What is wrong with a call, in commander's words; null where nothing is. */
export const mistakeIn = async (call: readonly string[]): Promise<string | null> => {
  const program = await commandTree()
  try {
    await program.parseAsync([...call], { from: 'user' })
    return null
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    return code === 'commander.helpDisplayed' || code === 'commander.version' ? null : message
  }
}
