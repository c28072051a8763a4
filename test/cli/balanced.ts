/** A real service on this machine behind a balancer of its own: hooks that write down that they were run. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Controller, projectFolder, type Said, startSteward } from '../helpers/steward.js'

type Moment = 'before start' | 'after start' | 'before stop' | 'after stop'

export type Balanced = Readonly<{
  /** Any command of steward's, with a journal of its own. */
  call: (args: readonly string[], env?: Env) => Promise<Said>
  make: (state: 'running' | 'stopped', env?: Env, args?: readonly string[]) => Promise<Said>
  restart: (args?: readonly string[], env?: Env) => Promise<Said>
  /** A playbook that stops it in one play and starts it in the next. */
  bounce: () => Promise<Said>
  folder: string
  /** Starts, stops and hooks, in the order in which they were run. */
  done: () => readonly string[]
  /** From now on this hook fails, or no longer. */
  breaks: (moment: Moment, isBroken: boolean) => void
  /** The newest run's. */
  runId: () => Promise<string>
}>

type Env = Readonly<Record<string, string>>

/** Killed around a sync of its journal: `before 6`. */
export const dies = (at: string): Env => ({
  NODE_OPTIONS: `--import=${projectFolder}test/faults/die-at.mjs`,
  STEWARD_DIES_AT: at,
})

const hook = (folder: string, moment: Moment) => ({ command: `${folder}/hook '${moment}'` })

/** `change` gives more keys of the catalog, or others in place of these. */
export const withBalanced = async (
  use: (tools: Balanced) => Promise<void>,
  change: (folder: string) => Readonly<Record<string, unknown>> = () => ({}),
): Promise<void> => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'steward-balanced-')))
  const script = (name: string, text: string) => {
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`)
    chmodSync(join(folder, name), 0o755)
  }
  script('daemon', 'while :; do sleep 1; done')
  script(
    'start',
    `echo start >>${folder}/done\nsetsid ${folder}/daemon </dev/null >/dev/null 2>&1 &\necho $! >>${folder}/pids`,
  )
  script('stop', `echo stop >>${folder}/done\nkill $(cat ${folder}/pids)\nrm ${folder}/pids`)
  script('hook', `echo "$1" >>${folder}/done\n[ ! -e "${folder}/broken $1" ]`)
  const hooks = {
    before: {
      start: hook(folder, 'before start'),
      stop: { ...hook(folder, 'before stop'), unless: `${folder}/never` },
    },
    after: { start: hook(folder, 'after start'), stop: { ...hook(folder, 'after stop'), on: 'controller' } },
  }
  const web = {
    hosts: 'all',
    start: `${folder}/start`,
    processes: { main: { args: [`${folder}/daemon`] } },
    ready: { within: '10s', stable: '0s' },
    stop: { command: `${folder}/stop`, within: '10s' },
    ...hooks,
    ...change(folder),
  }
  write(`${folder}/catalog.yml`, { services: { web } })
  write(`${folder}/hosts.yml`, { all: { hosts: { here: { ansible_connection: 'local' } } } })
  const play = (state: string) => ({ hosts: 'all', catalog: 'catalog.yml', services: { web: state } })
  for (const state of ['running', 'stopped']) write(`${folder}/${state}.yml`, [play(state)])
  write(`${folder}/bounce.yml`, [play('stopped'), play('running')])
  const controllers: Controller[] = []
  const call: Balanced['call'] = (args, env = {}) => {
    const controller = startSteward(args, { env: { XDG_STATE_HOME: `${folder}/state`, ...env } })
    controllers.push(controller)
    return controller.said
  }
  const remove = () => {
    for (const controller of controllers) controller.kill('SIGKILL')
    for (const pid of linesOf(`${folder}/pids`)) end(Number(pid))
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
  }
  // A test that hangs is given up without its `finally`.
  process.on('exit', remove)
  try {
    await use({
      call,
      make: (state, env, args = []) =>
        call(['run', `${folder}/${state}.yml`, '-i', `${folder}/hosts.yml`, ...args], env),
      restart: (args = [], env) =>
        call(['restart', 'web', '-i', `${folder}/hosts.yml`, '-c', `${folder}/catalog.yml`, ...args], env),
      bounce: () => call(['run', `${folder}/bounce.yml`, '-i', `${folder}/hosts.yml`]),
      folder,
      done: () => linesOf(`${folder}/done`),
      breaks: (moment, isBroken) => {
        if (isBroken) writeFileSync(`${folder}/broken ${moment}`, '')
        else rmSync(`${folder}/broken ${moment}`)
      },
      runId: async () => JSON.parse((await call(['runs', '--json'])).stdout)[0].runId,
    })
  } finally {
    process.off('exit', remove)
    remove()
  }
}

const write = (path: string, value: unknown): void => writeFileSync(path, JSON.stringify(value))

const linesOf = (path: string): readonly string[] =>
  existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n').filter(Boolean) : []

const end = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {}
}
