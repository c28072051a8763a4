/** How a run is taken up again: the same command on the same files; what is done already is seen to be so. */
import * as E from 'fp-ts/lib/Either.js'
import { exitCodes } from '../../model/exit-code.js'
import type { InputFile, PastRun, RunOptions } from '../../model/journal.js'
import { secretMark } from '../../model/redact.js'

/** The command of a run that was begun through the library: what it was given besides, only that program knows. */
export const byProgram = 'program'

export type ResumeOptions = RunOptions & Readonly<{ runId: string }>

/** How a run was begun that did not come to its end. The Left says why there is nothing to take up. */
export const howItBegan = ({ records, tail, liveness }: PastRun): E.Either<string, ResumeOptions> => {
  const [opened] = records
  if (opened === undefined && tail._tag === 'Whole') {
    return E.left('its journal does not tell how it was begun; nothing had been done')
  }
  if (opened?._tag !== 'RunOpened') {
    return E.left('its journal does not tell how it was begun, nor what was done: look with steward status')
  }
  const closed = records.at(-1)
  if (closed?._tag === 'RunClosed') {
    if (closed.exitCode === exitCodes.ok) return E.left('it was done to its end')
  } else if (liveness === 'running') return E.left(`it is still running, as pid ${opened.controller.pid}`)
  const { _tag, atMs, version, controller, resumes, ...options } = opened
  return E.right(options)
}

/** The same, where nothing else is needed to begin it again. */
export const howToResume = (run: PastRun): E.Either<string, ResumeOptions> => {
  const how = howItBegan(run)
  if (E.isLeft(how)) return how
  if (how.right.command === byProgram) return E.left('a program began it: let that resume it')
  return JSON.stringify(how.right).includes(secretMark)
    ? E.left('an option held a secret, which is not in the journal: run it again with that option')
    : how
}

/** What is different about the files that were read then and now, one sentence each. */
export const changedInputs = (before: readonly InputFile[], now: readonly InputFile[]): readonly string[] => {
  const then = new Map(before.map(({ path, sha256 }) => [path, sha256]))
  const read = new Map(now.map(({ path, sha256 }) => [path, sha256]))
  return [
    ...[...then].filter(([path, hash]) => (read.get(path) ?? hash) !== hash).map(([path]) => `${path} has changed`),
    ...[...then.keys()].filter(path => !read.has(path)).map(path => `${path} is read no longer`),
    ...[...read.keys()].filter(path => !then.has(path)).map(path => `${path} was not read then`),
  ].sort()
}
