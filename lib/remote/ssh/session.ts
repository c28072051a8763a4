/** One logged-in connection and the scripts that run over it, a few at a time. */

import { setTimeout as delay } from 'node:timers/promises'
import { quoting, reason } from '../../model/reason.js'
import { scriptRunner } from '../script-runner.js'
import type { Connection } from '../transport.js'
import { keepalives, type LoggedIn } from './log-in.js'
import { runInChannel } from './run-in-channel.js'

export const openSession = ({ ssh, client, socket }: LoggedIn, keepaliveMs: number): Connection => {
  const { run, die } = scriptRunner(script => runInChannel(ssh, script))
  client.on('error', ({ level, message }) => {
    const silence = `the host gave no sign of life for ${((keepalives + 1) * keepaliveMs) / 1000} s`
    die(level === 'client-timeout' ? silence : reason`the connection broke${quoting(`: ${message}`)}`)
    socket.destroy()
  })
  client.on('end', () => die('the host closed the connection'))
  client.on('close', () => die('the connection was cut'))

  return {
    run,
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
