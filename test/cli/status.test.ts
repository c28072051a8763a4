import * as assert from 'uvu/assert'
import { readStatus } from '../../lib/cli/input.js'
import { servicesOf } from '../../lib/model/playbook.js'
import { describe } from '../helpers/test.js'
import { complaints, filesOf, right } from '../helpers/written.js'
import { withBalanced } from './balanced.js'

describe('the status of some services', test => {
  const entry = (hosts: string) => `{ hosts: ${hosts}, script: /i, processes: { main: { args: [/bin/x] } } }`
  const files = filesOf({
    'catalog.yml': `services: { web: ${entry('"h1,h2"')}, twin: ${entry('h1')}, db: ${entry('h3')} }`,
    'hosts.yml': 'all: { hosts: { h1: , h2: , h3: } }',
  })
  const read = (names: readonly string[], limit?: string) =>
    readStatus(['catalog.yml'], { inventory: 'hosts.yml', shipped: '/', files, ...(limit ? { limit } : {}) }, names)

  test('is of their hosts alone, and takes what lives beside them into account', () => {
    const { plays, routes } = right(read(['web']))
    assert.equal([...routes.keys()], ['h1', 'h2'])
    assert.equal(
      plays.flatMap(servicesOf).map(({ name, host }) => `${name}@${host}`),
      ['web@h1', 'web@h2', 'twin@h1'],
    )
  })

  test('is refused for all that are not known or live nowhere there', () => {
    assert.equal(complaints(read(['wbe', 'web', 'db'], 'h1')), [
      'unknown service "wbe"; known are web, twin, db',
      'db lives on none of these hosts',
    ])
  })

  test('ends with 10 under --detailed-exitcode unless all of them are running', () =>
    withBalanced(async ({ call, make, folder }) => {
      const status = (...args: readonly string[]) =>
        call(['status', ...args, '-i', `${folder}/hosts.yml`, '-c', `${folder}/catalog.yml`])
      assert.is((await status()).code, 0)
      assert.is((await status('web', '--detailed-exitcode')).code, 10)
      assert.is((await make('running')).code, 0)
      assert.is((await status('web', '--detailed-exitcode')).code, 0)
    }))
})
