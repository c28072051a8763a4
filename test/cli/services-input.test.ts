import * as assert from 'uvu/assert'
import { restarted } from '../../lib/api/service-book.js'
import { readServices } from '../../lib/cli/input.js'
import { describe } from '../helpers/test.js'
import { filesOf, right } from '../helpers/written.js'

describe('services that are named', test => {
  const files = filesOf({
    'catalog.yml': 'services: { app: { hosts: all, script: /init/app, processes: { main: { args: [/bin/app] } } } }',
    'hosts.yml': 'all: { hosts: { h1: } }',
  })
  const options = { inventory: 'hosts.yml', shipped: '/shipped', files }

  test('count once, however often they are named', () => {
    const { expansion } = right(readServices(['app', 'app'], ['catalog.yml'], restarted(0), options))
    assert.equal(
      expansion.plays.map(({ name, desired }) => [name, desired.length]),
      [['Restart app', 1]],
    )
  })

  test('are waited for between batches for as long as those of a play that does not say it', () => {
    const { expansion } = right(readServices(['app'], ['catalog.yml'], restarted(0), { ...options, serial: '1' }))
    assert.is(expansion.plays[0]?.part?.rollout.gate.withinMs, 30_000)
  })
})
