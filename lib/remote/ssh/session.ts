/** One logged-in connection and the scripts that run over it, a few at a time. */
import { setTimeout as delay } from 'node:timers/promises'
import * as E from 'fp-ts/lib/Either.js'
import type { Answer } from '../follow-script.js'
import type { Connection, Script } from '../transport.js'
import { keepalives, type LoggedIn } from './log-in.js'
import { type Attempt, runInChannel } from './run-in-channel.js'
import { turnstile } from './turnstile.js'

/** Well under the ten sshd allows (MaxSessions). */
const channelsAtOnce = 4

/** With the pauses between them, some three seconds: sshd is a moment late to count a closed channel as closed. */
const triesAlone = 8

export const openSession = ({ ssh, client, socket }: LoggedIn, keepaliveMs: number): Connection => {
  const inTurn = turnstile(channelsAtOnce)
  const running = new Set<Attempt>()
  let gone: string | null = null

  const die = (why: string) => {
    gone ??= why
    for (const { lose } of running) lose(gone)
  }
  client.on('error', ({ level, message }) => {
    const silence = `the host gave no sign of life for ${((keepalives + 1) * keepaliveMs) / 1000} s`
    die(level === 'client-timeout' ? silence : `the connection broke: ${message}`)
    socket.destroy()
  })
  client.on('end', () => die('the host closed the connection'))
  client.on('close', () => die('the connection was cut'))

  const run = async (script: Script): Promise<Answer> => {
    for (let alone = 0; alone < triesAlone; ) {
      if (gone !== null) return unreachable(gone)
      const attempt = runInChannel(ssh, script)
      running.add(attempt)
      const answer = await attempt.answer.finally(() => running.delete(attempt))
      if (answer !== 'no channel') return answer
      const open = [...running].filter(({ isOpen }) => isOpen())
      // When one of them ends, the host has a channel to spare.
      if (open.length > 0) await Promise.race(open.map(({ answer }) => answer.catch(() => {})))
      else await delay(10 * 2 ** ++alone)
    }
    return unreachable('the host opens no session (MaxSessions); scripts given up earlier may still hold theirs')
  }

  return {
    run: script => () => inTurn(() => run(script)),
    close: async () => {
      die('the connection was closed')
      if (socket.closed) return
      const closed = new Promise(resolve => socket.once('close', resolve))
      client.end()
      // A host that is gone never takes the last bytes.
      await Promise.race([closed, delay(1000, undefined, { ref: false })])
      socket.destroy()
    },
  }
}

const unreachable = (why: string): Answer => E.left({ _tag: 'Unreachable', why })
