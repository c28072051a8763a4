/** The command line in this process: as the program itself, but for what ends it. */
import type { Said } from './steward.js'

type Program = Readonly<{ runProgram: (args: readonly string[]) => Promise<number> }>

let loaded: Promise<Program> | null = null

/** Of its own: the tree of commands that others of the tests look at does nothing. */
const load = (): Promise<Program> => {
  loaded ??= import(new URL('../../lib/cli/program.js?here', import.meta.url).href)
  return loaded
}

/** Nobody else may run at once: what is said is caught, and the environment is this process's. */
export const stewardHere = async (
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Said> => {
  const { runProgram } = await load()
  const said = { stdout: '', stderr: '' }
  const undo = [
    ...(['stdout', 'stderr'] as const).map(name =>
      replaced(process[name], 'write', (text: string) => {
        said[name] += text
        return true
      }),
    ),
    ...[process.stdin, process.stdout, process.stderr].map(stream => replaced(stream, 'isTTY', false)),
    ...Object.entries(env).map(([name, value]) => replaced(process.env, name, value)),
  ]
  try {
    return { code: await runProgram(args), ...said }
  } finally {
    for (const back of undo) back()
  }
}

/** What puts it back. */
const replaced = (where: object, key: string, value: unknown): (() => void) => {
  const before = Object.getOwnPropertyDescriptor(where, key)
  Reflect.set(where, key, value)
  return () => {
    if (before === undefined) Reflect.deleteProperty(where, key)
    else Object.defineProperty(where, key, before)
  }
}
