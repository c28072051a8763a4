/** What a user writes, as files in memory, read the way steward reads them. */
import * as E from 'fp-ts/lib/Either.js'
import type { Inventory } from '../../lib/model/inventory.js'
import type { Playbook } from '../../lib/model/playbook.js'
import type { InputProblem, InputProblems } from '../../lib/model/problem.js'
import { diskFiles, type Files } from '../../lib/read/files.js'
import { readInventory } from '../../lib/read/inventory.js'
import { readPlaybook } from '../../lib/read/playbook.js'
import { problemLines } from '../../lib/report/problems.js'

export const filesOf = (texts: Readonly<Record<string, string>>): Files => ({
  ...diskFiles,
  read: path => {
    const text = texts[path]
    return text === undefined ? E.left('there is no such file') : E.right(text)
  },
  kindOf: path => (Object.hasOwn(texts, path) ? 'file' : null),
  namesIn: () => [],
  isProgram: () => false,
})

export const inventoryResult = (text: string): E.Either<InputProblems, Inventory> =>
  readInventory(filesOf({ 'hosts.yml': text }), 'hosts.yml', '/shipped')

export const inventoryOf = (text: string): Inventory => right(inventoryResult(text))

/** `play.yml` and whatever files it names. */
export const playbookResult = (texts: Readonly<Record<string, string>>): E.Either<InputProblems, Playbook> =>
  readPlaybook(filesOf(texts), 'play.yml')

export const playbookOf = (texts: Readonly<Record<string, string>>): Playbook => right(playbookResult(texts))

export const right = <A>(result: Result<A>): A => {
  if (E.isRight(result)) return result.right
  throw new Error(complaints(result).join('\n'))
}

type Result<A> = E.Either<readonly InputProblem[] | InputProblem, A>

/** The lines an operator would read; none where nothing is wrong. */
export const complaints = (result: Result<unknown>): readonly string[] =>
  E.isRight(result) ? [] : problemLines('_tag' in result.left ? [result.left] : result.left)

export const complaintOf = (result: Result<unknown>): string => complaints(result)[0] ?? 'none'
