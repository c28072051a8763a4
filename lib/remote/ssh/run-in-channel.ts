/** Runs one script in one channel of a connection. */

import { PassThrough } from 'node:stream'
import type { NodeSSH, SSHExecCommandResponse } from 'node-ssh'
import type { ClientChannel } from 'ssh2'
import { quoting } from '../../model/reason.js'
import { followScript } from '../follow-script.js'
import type { Attempt } from '../script-runner.js'
import type { Script } from '../transport.js'

/** node-ssh keeps a copy of the output too; the channel is closed at the script's limit, which bounds that as well. */
export const runInChannel = (ssh: NodeSSH, script: Script): Attempt => {
  const input = new PassThrough()
  let channel: ClientChannel | undefined
  let isRefused = false
  const { answer, send, onStdout, onStderr, ended, lose, fail } = followScript(script, input, () => channel?.close())

  const onChannel = (opened: ClientChannel) => {
    channel = opened
    // Written to after the host has closed it, it would otherwise end the process.
    opened.on('error', () => {})
    send()
  }
  const onEnd = ({ code, signal }: SSHExecCommandResponse) => {
    if (code !== null || signal !== null) ended(code)
    else lose('the host closed the channel and did not say how the script ended')
  }
  const onRefusal = ({ message, reason }: Error & { reason?: unknown }) => {
    isRefused = reason !== undefined
    if (message === 'Unable to exec') fail({ _tag: 'BadAnswer', why: 'the host does not let this login run commands' })
    else
      lose(
        message.startsWith('Not connected')
          ? 'the host closed the connection'
          : quoting(message, 'the connection broke'),
      )
  }
  // `exec`, because any shell may be the login's: this line is read the same by csh and fish.
  ssh.execCommand('exec /bin/sh', { stdin: input, onChannel, onStdout, onStderr }).then(onEnd, onRefusal)

  return {
    answer: answer.then(answer => (isRefused ? 'no channel' : answer)),
    lose,
    isOpen: () => channel !== undefined,
  }
}
