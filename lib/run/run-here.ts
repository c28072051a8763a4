/** Commands on the machine that steward runs on, by the same script as on a host. */
import * as E from 'fp-ts/lib/Either.js'
import { hookScript, readHook } from '../act/hook.js'
import type { HostName } from '../model/names.js'
import { remoteErrorInWords } from '../model/remote-error.js'
import type { Transport } from '../remote/transport.js'
import { defaultMaxAnswerBytes, freshNonce } from './host-link.js'
import type { RunHere } from './step-context.js'

export const runHereOver =
  (transport: Transport): RunHere =>
  async (hook, endAfterSeconds) => {
    const connection = await transport.connect('controller' as HostName, { _tag: 'Local' })()
    if (E.isLeft(connection)) return E.left(remoteErrorInWords(connection.left))
    const nonce = freshNonce()
    const asked = endAfterSeconds === undefined ? hook : { ...hook, endAfterSeconds }
    const text = hookScript(nonce, asked, null)
    const output = await connection.right.run({ text, deadlineMs: hook.withinMs, maxBytes: defaultMaxAnswerBytes })()
    await connection.right.close()
    return E.isLeft(output) ? E.left(remoteErrorInWords(output.left)) : readHook(nonce, output.right.stdout)
  }
