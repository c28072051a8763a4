/** The passwords for logging in and for sudo, had once for all hosts: asked for on the terminal, or read from a file or a command. */
import { readFileSync, statSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import type { InputProblem, InputProblems } from '../model/problem.js'
import { Secret } from '../model/secret.js'
import { printedBy } from '../remote/run-program.js'
import { askPassword, isPassword } from './ask-password.js'

export type PasswordOptions = Readonly<{
  askPass?: true
  connectionPasswordFile?: string
  askBecomePass?: true
  becomePasswordFile?: string
}>

type Had = Promise<E.Either<InputProblems, Secret | null>>

export const readLoginPassword = ({ askPass, connectionPasswordFile: file }: PasswordOptions): Had =>
  oneOf('-k', askPass, 'SSH password: ', '--connection-password-file', file)

export const readBecomePassword = ({ askBecomePass, becomePasswordFile: file }: PasswordOptions): Had =>
  oneOf('-K', askBecomePass, 'become password: ', '--become-password-file', file)

const oneOf = async (
  asks: '-k' | '-K',
  isAsked: true | undefined,
  question: string,
  reads: string,
  file: string | undefined,
): Had => {
  if (isAsked && file !== undefined) {
    return refused({ _tag: 'BadUsage', reason: `${asks} asks for the password that ${reads} names: say one` })
  }
  if (file !== undefined) return readPasswordFile(file)
  return isAsked ? askPassword(asks, question) : E.right(null)
}

const refused = (problem: InputProblem): E.Left<InputProblems> => ({ _tag: 'Left', left: [problem] })

/** One that can be run is run, without a shell, and prints it; no message holds anything of what it printed. */
const readPasswordFile = (path: string): E.Either<InputProblems, Secret> => {
  const bad = (reason: string) => refused({ _tag: 'UnreadableFile', path, reason, at: null })
  try {
    const { mode, uid } = statSync(path)
    const isRun = (mode & 0o100) !== 0
    if (uid !== 0 && uid !== process.getuid?.()) return bad(`it belongs to another user (uid ${uid})`)
    if (isRun && (mode & 0o022) !== 0) return bad('others may change it: chmod go-w')
    if (!isRun && (mode & 0o077) !== 0) return bad('others may read it: chmod 600')
    const printed = isRun ? printedBy(path) : E.right(readFileSync(path, 'utf8'))
    if (E.isLeft(printed)) return bad(printed.left)
    const text = printed.right.replace(/\r?\n$/, '')
    return isPassword(text) ? E.right(new Secret(text)) : bad('it holds no password on one line')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return bad(code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`)
  }
}
