/** What the functions of the library reject with. Anything else that they reject with is a bug of steward's. */
import type { JournalError } from '../model/journal.js'
import { journalErrorInWords } from '../model/journal.js'
import type { SourcePos } from '../model/place.js'
import type { InputProblems } from '../model/problem.js'
import { problemData, problemLines } from '../report/problems.js'

/** One mistake in the input. `kind` stays the same between releases, words do not; `at` is null where it has no place. */
export type Problem = Readonly<{ kind: string; message: string; at: SourcePos | null; suggestion: string | null }>

/**
 * Mistakes in the input, all at once, in the order of the files' lines; nothing was connected to. `message` holds a line
 * for each, as `file:line:column: what is wrong; did you mean "…"?`, without a control character that a file may hold.
 */
export class InputError extends Error {
  override readonly name = 'InputError'
  readonly problems: readonly Problem[]

  /** @internal */
  constructor(problems: InputProblems) {
    super(problemLines(problems).join('\n'))
    this.problems = problemData(problems).map(problem => ({
      kind: problem._tag,
      message: problem.message,
      at: 'at' in problem ? problem.at : null,
      suggestion: problem.suggestion,
    }))
  }
}

/** The run cannot be written down, so that nothing was begun: `path` is the file or folder, `message` says why. */
export class JournalUnwritableError extends Error {
  override readonly name = 'JournalUnwritableError'
  readonly path: string | null

  /** @internal */
  constructor(error: JournalError) {
    super(`nothing was done, as the run cannot be written down: ${journalErrorInWords(error)}`)
    this.path = 'path' in error ? error.path : null
  }
}
