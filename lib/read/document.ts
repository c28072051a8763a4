/** One file, read and decoded. */
import * as E from 'fp-ts/lib/Either.js'
import type { Placed } from '../model/place.js'
import { distinct, type InputProblems } from '../model/problem.js'
import { type Codec, decode } from './codec.js'
import type { Files } from './files.js'
import { parseYaml } from './yaml.js'

/** `named` is where another file names this one; null for a file named on the command line. */
export const readDocument = <A>(
  files: Files,
  path: string,
  codec: Codec<A>,
  named: Placed<string> | null = null,
): E.Either<InputProblems, A> => {
  const content = files.read(path)
  if (E.isLeft(content)) {
    return E.left([{ _tag: 'UnreadableFile', path, reason: content.left, at: named?.at ?? null }])
  }
  const node = parseYaml(path, content.right)
  // A mistake behind an anchor is met again at each alias.
  return E.isLeft(node) ? node : E.mapLeft(distinct<InputProblems>)(decode(codec, node.right))
}
