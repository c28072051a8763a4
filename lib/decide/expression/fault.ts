/** Why an expression has no value; it never leaves this folder. */
import type { SourcePos } from '../../model/place.js'
import type { InputProblem } from '../../model/problem.js'

export class EvaluationFault extends Error {
  readonly problem: InputProblem

  constructor(problem: InputProblem) {
    super(problem._tag)
    this.problem = problem
  }
}

export const fail = (at: SourcePos, reason: string): never => {
  throw new EvaluationFault({ _tag: 'BadTemplate', at, reason })
}
