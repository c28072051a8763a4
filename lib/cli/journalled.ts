/** Options as they are written down with a run, by their names on the command line, and read again. */
import type { RunOptions } from '../model/journal.js'

type More = RunOptions['more']

/** `names`: each option's property, by what it is written as. What is not given is not written. */
export const journalled = <Options extends object>(names: Readonly<Record<string, keyof Options & string>>) => ({
  write: (options: Options): More =>
    Object.fromEntries(
      Object.entries(names).flatMap(([written, name]) => {
        const value = options[name] as More[string] | undefined
        return value === undefined ? [] : [[written, value]]
      }),
    ),
  read: (more: Readonly<Record<string, unknown>>): Options =>
    Object.fromEntries(
      Object.entries(names).flatMap(([written, name]) => (more[written] === undefined ? [] : [[name, more[written]]])),
    ) as Options,
})
