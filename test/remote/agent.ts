/** A real ssh-agent that has no way to ask anybody. */
import { execFileSync, spawn } from 'node:child_process'
import { appears } from './scripts.js'
import { endWithUs, type Sshd } from './sshd.js'

type Body = (sshd: Sshd, agentSocket: string, add: (...args: string[]) => void) => Promise<void>

export const withAgent = (body: Body) => async (sshd: Sshd) => {
  const socket = `${sshd.folder}/agent`
  const env = { ...process.env, SSH_AUTH_SOCK: socket, SSH_ASKPASS: undefined, DISPLAY: undefined }
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { env, stdio: 'ignore' })
  endWithUs(agent)
  try {
    await appears(socket)
    await body(sshd, socket, (...args) => execFileSync('ssh-add', ['-q', ...args], { env, stdio: 'ignore' }))
  } finally {
    agent.kill()
  }
}
