/** Builders for scripts and for what is expected of them. */
import { existsSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import type { RemoteError } from '../../lib/model/remote-error.js'
import type { Connection, Script, ScriptOutput } from '../../lib/remote/transport.js'

export const scriptOf = (text: string, limits: Partial<Script> = {}): Script => ({
  text,
  deadlineMs: 20_000,
  maxBytes: 4_000_000,
  ...limits,
})

/** Asks, and prints the answer; read by the shell as a whole before it is run. */
export const askingScript = (question: string, answer: (stdout: string) => string): Script =>
  scriptOf(`{ echo 'before ${question}'; echo '${question}'; read -r line; echo "got $line"; exit; }\n`, {
    dialogue: { question, answer },
  })

export const rightOf = <A>(result: E.Either<RemoteError, A>): A => {
  if (E.isLeft(result)) throw new Error(JSON.stringify(result.left))
  return result.right
}

export const leftOf = (result: E.Either<RemoteError, unknown>): RemoteError => {
  if (E.isRight(result)) throw new Error(`no error but ${JSON.stringify(result.right)}`)
  return result.left
}

export const run = async (connection: Connection, text: string, limits?: Partial<Script>): Promise<ScriptOutput> =>
  rightOf(await connection.run(scriptOf(text, limits))())

/** The error has this tag and its text holds each of these words. */
export const assertError = (result: E.Either<RemoteError, unknown>, tag: RemoteError['_tag'], ...words: string[]) => {
  const error = leftOf(result)
  assert.is(error._tag, tag, JSON.stringify(error))
  for (const word of words)
    assert.ok(JSON.stringify(error).includes(word), `${JSON.stringify(error)} without "${word}"`)
}

/** For as long as it takes: the test's own timer ends a wait in vain. */
export const appears = async (path: string): Promise<void> => {
  while (!existsSync(path)) await delay(20)
}
