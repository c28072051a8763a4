/** A real ssh-agent that has no way to ask anybody. */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { endWithUs } from '../helpers/children.js'
import type { Sshd } from './sshd.js'

type Body = (sshd: Sshd, agentSocket: string, add: (...args: string[]) => void) => Promise<void>

export const withAgent = (body: Body) => async (sshd: Sshd) => {
  const socket = `${sshd.folder}/agent`
  const env = { ...process.env, SSH_AUTH_SOCK: socket, SSH_ASKPASS: undefined, DISPLAY: undefined }
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { env, stdio: 'ignore' })
  endWithUs(agent)
  try {
    // Its socket is there a moment before it listens; 2 stands for an agent that cannot be reached.
    while (spawnSync('ssh-add', ['-l'], { env, stdio: 'ignore' }).status === 2) await delay(20)
    await body(sshd, socket, (...args) => execFileSync('ssh-add', ['-q', ...args], { env, stdio: 'ignore' }))
  } finally {
    agent.kill()
  }
}
