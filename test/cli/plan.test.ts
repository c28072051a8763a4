import { readdirSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { describe } from '../helpers/test.js'
import { type Balanced, dies, withBalanced } from './balanced.js'

const skip = process.platform === 'linux' ? undefined : 'it needs setsid and /proc'

describe('a plan of what is about to be done', test => {
  const balanced = (
    title: string,
    use: (tools: Balanced) => Promise<void>,
    change?: Parameters<typeof withBalanced>[1],
  ) => test(title, () => withBalanced(use, change), { skip, timeoutMs: 60_000 })

  balanced('shows the hooks around each act, where they are run and what makes them needless', async tools => {
    const { make, call, folder } = tools
    const plan = await call(['plan', `${folder}/running.yml`, '-i', `${folder}/hosts.yml`])
    assert.is(plan.code, 0, plan.stdout + plan.stderr)
    assert.equal(linesAbout(plan.stdout, folder), [
      "before the start: /hook 'before start'",
      '/start',
      "after the start: /hook 'after start'",
    ])
    await make('running')
    const stop = await make('stopped', {}, ['--plan'])
    assert.equal(linesAbout(stop.stdout, folder), [
      "before the stop: /hook 'before stop', unless /never",
      '/stop',
      "after the stop on the controller: /hook 'after stop'",
    ])
  })

  balanced('of a restart is what the restart with its time does, and writes down nothing', async tools => {
    const { make, restart, done, folder } = tools
    await make('running')
    const before = done().length
    const runs = readdirSync(`${folder}/state/steward/runs`)
    const plan = await restart(['--plan'])
    assert.equal([plan.code, done().length], [0, before])
    assert.equal(readdirSync(`${folder}/state/steward/runs`), runs)
    const planned = linesAbout(plan.stdout, folder).slice(1)
    const time = /^steward: the same with (--started-after) (\S+) does just this\n$/.exec(plan.stderr)
    const said = await restart(time?.slice(1) ?? [])
    assert.is(said.code, 0, said.stdout + said.stderr)
    assert.equal(done().slice(before).map(wordOf), planned.map(wordOf))
    const again = await restart([...(time?.slice(1) ?? []), '-C'])
    assert.match(again.stdout, 'Nothing to do')
  })

  balanced(
    'of a resume shows the hooks that were left undone; any other plan says that it leaves them so',
    async tools => {
      const { make, call, done } = tools
      await make('running', dies('before 6'))
      const before = done().length
      const other = await make('running', {}, ['--plan'])
      assert.match(other.stdout, 'Nothing to do')
      assert.match(
        other.stderr,
        /^steward: not run: the hooks after the start of web@here: steward resume \S+ does that\n$/,
      )
      const plan = await call(['resume', 'last', '--plan'])
      assert.equal(linesAbout(plan.stdout, tools.folder), [
        'an earlier run has left hooks undone',
        "after the start: /hook 'after start'",
      ])
      assert.match(plan.stdout, 'Plan: 0 to start, 0 to stop, 1 to finish, 0 as they should be.')
      assert.is(done().length, before)
    },
  )

  balanced('says by its exit code whether something is to be done, where it is asked to', async tools => {
    const { make, call, restart, folder } = tools
    const plan = (...args: readonly string[]) =>
      call(['plan', `${folder}/running.yml`, '-i', `${folder}/hosts.yml`, ...args])
    assert.is((await plan()).code, 0)
    assert.is((await plan('--detailed-exitcode')).code, 10)
    assert.is((await make('running', {}, ['--check', '--detailed-exitcode'])).code, 10)
    assert.is((await make('running')).code, 0)
    assert.is((await plan('--detailed-exitcode')).code, 0)
    assert.is((await restart(['-C', '--detailed-exitcode'])).code, 10)
    const misplaced = await restart(['--detailed-exitcode'])
    assert.equal([misplaced.code, tools.done().filter(line => line === 'stop')], [5, []])
    assert.match(misplaced.stderr, '--detailed-exitcode tells of a plan: add -C')
  })

  balanced('shows with --diff what differs, and a run does before it acts', async ({ make, folder }) => {
    const difference = `--- web@here  stopped
+++ web@here  running
- main: no process
+ main: 1 process with ${folder}/daemon
`
    const plan = await make('running', {}, ['-C', '-D'])
    assert.ok(plan.stdout.startsWith(`${difference}\nPLAY [`), plan.stdout)
    const run = await make('running', {}, ['--diff'])
    assert.ok(run.stdout.startsWith(`1 service looked at, 1 to do\n\n${difference}\nPLAY [`), run.stdout)
    assert.not.match((await make('running', {}, ['--diff'])).stdout, '---')
  })

  balanced(
    'takes --stop-survivors as a run does',
    async ({ make, call, folder }) => {
      await make('running')
      const plan = (...args: readonly string[]) =>
        call(['plan', `${folder}/stopped.yml`, '-i', `${folder}/hosts.yml`, ...args])
      assert.match((await plan()).stdout, 'Nothing to do')
      assert.match((await plan('--stop-survivors')).stdout, '1 to stop')
    },
    folder => ({ processes: { main: { args: [`${folder}/daemon`], on_stop: 'keep' } } }),
  )
})

/** What is said of the one service, without its name and the folder. */
const linesAbout = (stdout: string, folder: string): readonly string[] =>
  stdout
    .split('\n')
    .filter(line => line.startsWith('    web@here: '))
    .map(line => line.slice('    web@here: '.length).replaceAll(folder, ''))

/** `before stop`, of a hook's command and of what it wrote down. */
const wordOf = (text: string): string => /'(.*)'/.exec(text)?.[1] ?? text.replace('/', '')
