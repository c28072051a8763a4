/** Hosts of one's own beside the catalogs that come with steward, and slips that must not pass for success. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { steward } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'

describe('an inventory of other hosts than those of the catalogs', test => {
  test('is told from mistakes in the catalogs: none was named', () =>
    withHosts(async ({ inventory }) => {
      const { code, stderr } = await steward(['status', '-i', inventory])
      assert.is(code, 5)
      assert.match(stderr, 'the catalogs are those in playbooks/catalog, as none was named; name your own with -c FILE')
    }))

  test('can be checked all the same, but not with a catalog that was named', () =>
    withHosts(async ({ inventory }) => {
      const { code, stdout } = await steward(['check', '-i', inventory, '-l', 'app1'])
      assert.is(code, 0, stdout)
      assert.match(stdout, /^app1 +ok/m)
      assert.is((await steward(['check', '-i', inventory, '-c', 'playbooks/catalog/enstratus.yml'])).code, 5)
    }))
})

describe('a limit', test => {
  test('to hosts that no service of the play lives on is a mistake', () =>
    withHosts(async ({ inventory, playbook }) => {
      const { code, stderr } = await steward(['run', playbook, '-i', inventory, '-l', 'app2'])
      assert.is(code, 5)
      assert.match(stderr, 'no service of it lives on the hosts of the limit app2')
      assert.is((await steward(['plan', playbook, '-i', inventory, '-l', 'app1'])).code, 0)
    }))
})

describe('steward resume last', test => {
  test('names the run that can be taken up where the last one cannot', () =>
    withHosts(async ({ folder, inventory, playbook }) => {
      const env = { XDG_STATE_HOME: `${folder}/state` }
      const call = (...args: readonly string[]) => steward(args, { env })
      // Its start does nothing, so that it fails.
      assert.is((await call('run', playbook, '-i', inventory)).code, 2)
      const [{ runId }] = JSON.parse((await call('runs', '--json')).stdout)
      assert.is((await call('run', `${folder}/stop.yml`, '-i', inventory)).code, 0)
      const { code, stderr } = await call('resume', 'last')
      assert.is(code, 5)
      assert.match(stderr, `cannot be resumed: it was done to its end; the last that can be is ${runId}`)
    }))
})

type Own = Readonly<{ folder: string; inventory: string; playbook: string }>

const withHosts = async (use: (own: Own) => Promise<void>): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'steward-own-'))
  const write = (name: string, value: unknown): string => {
    writeFileSync(join(folder, name), JSON.stringify(value))
    return join(folder, name)
  }
  try {
    const local = { ansible_connection: 'local' }
    const inventory = write('hosts.yml', { all: { hosts: { app1: local, app2: { ansible_host: '127.0.0.2' } } } })
    const ready = { within: '1s', stable: '0s' }
    const processes = { main: { args: [`${folder}/nobody`] } }
    const web = { hosts: 'app1', start: 'true', stop: { command: 'true' }, ready, processes }
    write('catalog.yml', { services: { web } })
    const playbook = write('start.yml', [{ hosts: 'all', catalog: 'catalog.yml', services: { web: 'running' } }])
    write('stop.yml', [{ hosts: 'all', catalog: 'catalog.yml', services: { web: 'stopped' } }])
    await use({ folder, inventory, playbook })
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
  }
}
