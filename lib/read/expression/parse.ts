/** Text to expressions, with the mistakes as problems. */
import * as E from 'fp-ts/lib/Either.js'
import type { Expression } from '../../model/expression.js'
import type { SourcePos } from '../../model/place.js'
import type { InputProblem } from '../../model/problem.js'
import { ExpressionFault } from './fault.js'
import { type Parsed, parseTokens } from './parser.js'

/** Where a text is in its file: where its value begins, and its first letter, if all of it stands there as it is. */
export type TextPlace = Readonly<{ at: SourcePos; textAt?: SourcePos | null }>

/** The expression whose `{{` ends at `start`. */
export const parseHole = (text: string, start: number, place: TextPlace): E.Either<InputProblem, Parsed> =>
  parsed(text, start, false, place)

/** The whole text as one expression, as behind `when:`. */
export const parseBare = (text: string, place: TextPlace): E.Either<InputProblem, Expression> =>
  E.map(({ expression }: Parsed) => expression)(parsed(text, 0, true, place))

/** The place of a letter of the text, or of the value where that cannot be told. */
export const placeWithin = ({ at, textAt }: TextPlace, offset: number): SourcePos =>
  textAt === undefined || textAt === null ? at : { ...textAt, column: textAt.column + offset }

const parsed = (text: string, start: number, bare: boolean, place: TextPlace): E.Either<InputProblem, Parsed> => {
  try {
    return E.right(parseTokens(text, start, bare, offset => placeWithin(place, offset)))
  } catch (error) {
    if (!(error instanceof ExpressionFault)) throw error
    const at = placeWithin(place, error.offset)
    if (error.known === null) return E.left({ _tag: 'BadTemplate', at, reason: error.message })
    const { what, word, names } = error.known
    return E.left({ _tag: 'UnknownWord', at, what, word, known: names })
  }
}
