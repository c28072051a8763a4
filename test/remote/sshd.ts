/** A real sshd on a free port of this machine, with keys of its own, that is gone when the test is over. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import type { HostName } from '../../lib/model/names.js'
import type { RemoteError } from '../../lib/model/remote-error.js'
import { transportByRoute } from '../../lib/remote/by-route.js'
import type { SshOptions } from '../../lib/remote/ssh.js'
import type { Connection } from '../../lib/remote/transport.js'
import { endWithUs } from '../helpers/children.js'

const program = '/usr/sbin/sshd'
export const withoutSshd = existsSync(program) ? undefined : 'needs sshd'

export type Sshd = Readonly<{
  folder: string
  /** Its `.ssh` holds known_hosts and the one key that may log in, id_ed25519. */
  home: string
  port: number
  user: string
  log: () => string
  /** Resolves as soon as the log holds this, so many times. */
  logged: (words: string, times?: number) => Promise<void>
  connect: (
    options?: Partial<SshOptions> & { keyFile?: string; client?: 'openssh' },
  ) => Promise<E.Either<RemoteError, Connection>>
}>

/** Lines for the top of sshd_config, where the first word on a matter counts. */
type Config = readonly string[] | ((folder: string) => readonly string[])

export const withSshd = (config: Config, body: (sshd: Sshd) => Promise<void>) => async (): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'sshd-'))
  const opened: Connection[] = []
  let listener: ChildProcess | undefined
  try {
    const home = makeHome(folder)
    const { port, child, log, logged } = await listenSomewhere(
      folder,
      typeof config === 'function' ? config(folder) : config,
    )
    listener = child
    writeFileSync(`${home}/.ssh/known_hosts`, `[127.0.0.1]:${port} ${readFileSync(`${folder}/host_key.pub`, 'utf8')}`)
    const connect: Sshd['connect'] = async ({ keyFile = null, ...options } = {}) => {
      const transport = transportByRoute({ ...optionsFor(home), ...options })
      const connection = await transport.connect('h' as HostName, {
        _tag: 'Ssh',
        address: '127.0.0.1',
        port,
        user: null,
        keyFile,
      })()
      if (E.isRight(connection)) opened.push(connection.right)
      return connection
    }
    await body({ folder, home, port, user: userInfo().username, log, logged, connect })
  } finally {
    await Promise.all(opened.map(connection => connection.close()))
    listener?.kill()
    rmSync(folder, { recursive: true })
  }
}

export const optionsFor = (home: string): SshOptions => ({
  user: userInfo().username,
  home,
  agentSocket: null,
  knownHostsFiles: [`${home}/.ssh/known_hosts`],
})

export const makeKey = (path: string, type = 'ed25519', passphrase = '', format = 'RFC4716'): string => {
  execFileSync('ssh-keygen', ['-q', '-t', type, '-m', format, '-N', passphrase, '-f', path])
  return path
}

const makeHome = (folder: string): string => {
  mkdirSync(`${folder}/home/.ssh`, { recursive: true })
  makeKey(`${folder}/host_key`)
  makeKey(`${folder}/home/.ssh/id_ed25519`)
  writeFileSync(`${folder}/authorized_keys`, readFileSync(`${folder}/home/.ssh/id_ed25519.pub`))
  return `${folder}/home`
}

type Listening = Readonly<{ port: number; child: ChildProcess; log: () => string; logged: Sshd['logged'] }>

/** Between finding a free port and taking it somebody else may take it. */
const listenSomewhere = async (folder: string, config: readonly string[], tries = 5): Promise<Listening> => {
  const port = await freePort()
  if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true })
  writeFileSync(
    `${folder}/sshd_config`,
    [
      ...config,
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${folder}/host_key`,
      `AuthorizedKeysFile ${folder}/authorized_keys`,
      // The login shell must not read the rc files of whoever runs the tests.
      `SetEnv HOME=${folder}/home`,
      'PermitRootLogin yes',
      'StrictModes no',
      'UsePAM no',
      'PidFile none',
      'LogLevel VERBOSE',
      '',
    ].join('\n'),
  )
  const child = spawn(program, ['-D', '-e', '-f', `${folder}/sshd_config`], { stdio: ['ignore', 'ignore', 'pipe'] })
  let text = ''
  const logged: Sshd['logged'] = (words, times = 1) =>
    new Promise<void>((resolve, reject) => {
      const look = () => text.split(words).length > times && resolve()
      child.stderr.on('data', look)
      child.on('exit', () => reject(new Error(text)))
      look()
    })
  endWithUs(child)
  child.stderr.on('data', chunk => {
    text += chunk
  })
  try {
    await logged('Server listening on')
  } catch (error) {
    if (tries === 1) throw error
    return listenSomewhere(folder, config, tries - 1)
  }
  return { port, child, log: () => text, logged }
}

export const freePort = (): Promise<number> =>
  new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = address !== null && typeof address === 'object' ? address.port : 0
      server.close(() => resolve(port))
    })
  })
