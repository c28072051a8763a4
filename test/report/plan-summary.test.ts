import * as assert from 'uvu/assert'
import type { Plan } from '../../lib/model/plan.js'
import { planLines } from '../../lib/report/plan.js'
import { shortPlanLines } from '../../lib/report/plan-summary.js'
import { styleFor } from '../../lib/report/style.js'
import { estate } from '../helpers/estate.js'
import { describe } from '../helpers/test.js'
import { both, hostOf, twoHosts } from '../run/builders.js'

const plain = styleFor(false)

const planFor = (hosts: number): Promise<Plan> => {
  const names = Array.from({ length: hosts }, (_, i) => `h${i}`)
  const service = (port: number, name: string) =>
    `  ${name}: { hosts: all, script: /init/${name}, processes: { main: { args: [-Dbase=${name}], listens: ${port} } } }\n`
  const built = estate(
    `services:\n${service(1, 'km')}${service(2, 'api')}`,
    `all: { hosts: { ${names.map(name => `${name}: `).join(', ')} } }`,
  )
  for (const name of names) for (const one of ['km', 'api']) hostOf(built, name).scripts.add(`/init/${one}`)
  hostOf(built, 'h0').spawn(['nginx'], { listens: [1] })
  return built.plan(
    '- { name: Go, hosts: all, serial: 10, catalog: catalog.yml, services: { km: running, api: running } }',
  )
}

describe('a plan before a run', test => {
  test('is told in full where it is short', async () => {
    const plan = await twoHosts().plan(both)
    assert.equal(shortPlanLines(plan, plain), planLines(plan, plain))
  })

  test('of many hosts tells what is alike in one line, and what cannot be done in full', async () =>
    assert.equal(shortPlanLines(await planFor(40), plain), [
      'PLAY [Go] 4 batches',
      '  start  api  stopped  40 hosts: h0, h1, h2, h3 and 36 more',
      '  start  km   stopped  39 hosts: h1, h2, h3, h4 and 35 more',
      '  refuse  km@h0  foreign: port 1 is held by pid 101 (nginx)',
      '    km@h0: port 1 is held by pid 101 (nginx)',
      '      end that process, or give km another port',
      '',
      'Plan: 79 to start, 0 to stop, 0 as they should be, 1 cannot be done.',
      'steward plan shows each of them.',
    ]))
})
