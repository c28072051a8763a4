import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { projectFolder } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'

type Said = Readonly<{ code: number | null; stdout: string; stderr: string }>
type Embed = Readonly<{
  folder: string
  start: (...argv: string[]) => ChildProcess
  call: (...argv: string[]) => Promise<Said>
}>

/** The examples as a project of their own, with a port that is free and a home of its own. */
const withEmbed = async (use: (embed: Embed) => Promise<void>): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'steward-embed-'))
  cpSync(`${projectFolder}examples/embed`, folder, { recursive: true })
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(projectFolder, join(folder, 'node_modules/steward'))
  const hosts = join(folder, 'hosts.yml')
  writeFileSync(hosts, readFileSync(hosts, 'utf8').replace('18723', String(await freePort())))
  const env = { ...process.env, HOME: folder, XDG_STATE_HOME: join(folder, 'state') }
  const start = (...argv: string[]) =>
    spawn(process.execPath, argv, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  try {
    await use({ folder, start, call: async (...argv) => saidBy(start(...argv)) })
  } finally {
    await saidBy(start('deploy.mjs', 'stop.yml'))
    rmSync(folder, { recursive: true })
  }
}

const freePort = (): Promise<number> =>
  new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })

const saidBy = (child: ChildProcess): Promise<Said> =>
  new Promise((resolve, reject) => {
    const said = { stdout: '', stderr: '' }
    for (const stream of ['stdout', 'stderr'] as const)
      child[stream]?.setEncoding('utf8').on('data', text => {
        said[stream] += text
      })
    child.on('error', reject)
    child.on('close', code => resolve({ code, ...said }))
  })

const portOf = (server: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    server.stdout?.once('data', text => resolve(Number(/(\d+)/.exec(String(text))?.[1])))
    server.once('close', () => reject(new Error('it has ended without listening')))
  })

describe('the programs of examples/embed', test => {
  test(
    'deploy, tell of health, and go by a transport of their own',
    () =>
      withEmbed(async ({ folder, start, call }) => {
        const server = start('health.mjs', '0')
        const ended = saidBy(server)
        try {
          const health = `http://127.0.0.1:${await portOf(server)}/`
          assert.is((await fetch(health)).status, 503)

          const deployed = await call('deploy.mjs')
          assert.is(deployed.code, 0, deployed.stderr)
          assert.match(
            deployed.stdout,
            /^hello@here is now running: hello pid \d+, port \d+\n\S+ ended with 0\n$/,
            deployed.stdout,
          )

          const answer = await fetch(health)
          assert.equal(
            [answer.status, await answer.json()],
            [200, [{ host: 'here', service: 'hello', is: 'running', why: null }]],
          )

          const reached = await call('transport.mjs', 'env', 'ON={}', '/bin/sh')
          assert.equal(reached, { code: 0, stdout: 'hello@here: running\n', stderr: '' })

          writeFileSync(join(folder, 'catalog.yml'), 'services: { hello: { host: all } }\n')
          const refused = await call('deploy.mjs')
          assert.is(refused.code, 5)
          assert.match(refused.stderr, /catalog\.yml:1: unknown key "host"/)
          cpSync(`${projectFolder}examples/embed/catalog.yml`, join(folder, 'catalog.yml'))
        } finally {
          server.kill()
          await ended
        }
      }),
    { timeoutMs: 60_000 },
  )
})
