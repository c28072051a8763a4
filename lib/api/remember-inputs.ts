/** Remembers which files were read and what was in them, so that a later run can tell what has changed since. */
import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import type { InputFile } from '../model/journal.js'
import type { Files } from '../read/files.js'

export type RememberingFiles = Readonly<{ files: Files; inputs: () => readonly InputFile[] }>

type Run = NonNullable<Files['run']>

/** Of a program, what it answered is what was read. */
const rememberAnswers =
  (run: Run, read: Map<string, string>): Run =>
  (path, argv) => {
    const answer = run(path, argv)
    if (E.isRight(answer)) read.set([resolve(path), ...argv].join(' '), hashOf(answer.right))
    return answer
  }

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')

/** The hash is of the very text that was used, not of what a second look at the file would find. */
export const rememberInputs = (files: Files): RememberingFiles => {
  const read = new Map<string, string>()
  return {
    files: {
      ...files,
      read: (path, comments) => {
        const text = files.read(path, comments)
        if (E.isRight(text)) read.set(resolve(path), hashOf(text.right))
        return text
      },
      ...(files.run === undefined ? {} : { run: rememberAnswers(files.run, read) }),
    },
    inputs: () => [...read].map(([path, sha256]) => ({ path, sha256 })),
  }
}
