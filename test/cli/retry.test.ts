import { writeFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { describe } from '../helpers/test.js'
import { type Balanced, withBalanced } from './balanced.js'

const skip = process.platform === 'linux' ? undefined : 'it needs setsid and /proc'

describe('part of a playbook', test => {
  const balanced = (title: string, use: (tools: Balanced) => Promise<void>) =>
    test(title, () => withBalanced(use), { skip, timeoutMs: 60_000 })

  balanced(
    'is a run on the hosts that the last one did not bring to their end',
    async ({ make, call, folder, done }) => {
      const gone = { ansible_host: '127.0.0.1', ansible_port: 1, ansible_user: 'nobody' }
      writeFileSync(
        `${folder}/hosts.yml`,
        JSON.stringify({ all: { hosts: { here: { ansible_connection: 'local' }, gone } } }),
      )
      const first = await make('running')
      assert.equal([first.code, done()], [4, ['before start', 'start', 'after start']], first.stdout)
      const runId = /resume (\S+)/.exec(first.stderr)?.[1] ?? ''
      const listed = await make('running', {}, ['--retry', 'last', '--list-hosts'])
      assert.match(listed.stdout, 'hosts (1): gone')
      assert.is(listed.stderr, `steward: 1 host to retry of ${runId}: gone\n`)
      const none = await make('running', {}, ['--retry', runId, '-l', 'here'])
      assert.equal(
        [none.code, none.stderr.includes('the limit here leaves none of the hosts to retry: gone')],
        [5, true],
      )
      const other = await make('stopped', {}, ['--retry', runId.slice(0, -2), '--list-hosts'])
      assert.match(other.stderr, `${runId} was of ${folder}/running.yml, which is not what is run now\n`)

      const again = await make('running', {}, ['--retry', 'last'])
      assert.equal([again.code, done().length], [4, 3])
      assert.not.match(again.stdout, '@here')
      assert.match((await call(['show', 'last'])).stdout, 'hosts.yml, only gone, 50 hosts at once')
      const resumed = await call(['resume', 'last', '-C'])
      assert.equal([resumed.code, /@here/.test(resumed.stdout)], [4, false], resumed.stdout)

      writeFileSync(
        `${folder}/hosts.yml`,
        JSON.stringify({ all: { hosts: { here: { ansible_connection: 'local' } } } }),
      )
      const less = await make('running', {}, ['--retry', 'last'])
      assert.equal([less.code, less.stderr.includes('hosts.yml has no host gone any more')], [5, true], less.stderr)
      assert.is((await make('running')).code, 0)
      const well = await make('running', {}, ['--retry', 'last'])
      assert.is(well.code, 0)
      assert.match(
        well.stderr,
        /^steward: nothing to retry: \S+ has left no host failed, skipped, out of reach or unknown\n$/,
      )
      assert.match((await make('running', {}, ['--retry', 'x'])).stderr, '--retry x: there is no run x')
    },
  )

  balanced('is what follows from a play on, also where it is resumed', async ({ call, folder, done, breaks }) => {
    const play = (name: string, state: string) => ({
      name,
      hosts: 'all',
      catalog: 'catalog.yml',
      services: { web: state },
    })
    writeFileSync(`${folder}/plays.yml`, JSON.stringify([play('Down', 'stopped'), play('Up', 'running')]))
    const run = ['run', `${folder}/plays.yml`, '-i', `${folder}/hosts.yml`, '--start-at']
    const slip = await call([...run, 'Upp'])
    assert.match(slip.stderr, '--start-at:1:1: unknown play or host "Upp"; did you mean "Up"?')
    breaks('before start', true)
    const first = await call([...run, 'Up'])
    assert.equal([first.code, /PLAY \[Down\]/.test(first.stdout)], [2, false], first.stdout)
    breaks('before start', false)
    const resumed = await call(['resume', 'last'])
    assert.equal([resumed.code, /PLAY \[Down\]/.test(resumed.stdout)], [0, false], resumed.stdout)
    assert.equal(done(), ['before start', 'before start', 'start', 'after start'])
  })
})
