/** The side of an Either that a test counts on; the other side fails it and is shown. */
import * as E from 'fp-ts/lib/Either.js'

export const rightOf = <A>(either: E.Either<unknown, A>): A => {
  if (E.isLeft(either)) throw new Error(`no result but ${JSON.stringify(either.left)}`)
  return either.right
}

export const leftOf = <L>(either: E.Either<L, unknown>): L => {
  if (E.isRight(either)) throw new Error(`no refusal but ${JSON.stringify(either.right)}`)
  return either.left
}
