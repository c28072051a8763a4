import { readFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { planLines } from '../lib/report/plan.js'
import { styleFor } from '../lib/report/style.js'
import { estate } from './helpers/estate.js'
import { projectFolder } from './helpers/steward.js'
import { describe } from './helpers/test.js'

const read = (name: string): string => readFileSync(`${projectFolder}examples/rollout/${name}`, 'utf8')

/** Of a playbook, where the first so many of the eight hosts run the shop already. */
const planOf = async (playbook: string, running: number): Promise<string> => {
  const built = estate(read('catalog.yml'), read('hosts.yml'))
  for (const [i, host] of Object.values(built.hosts).entries()) {
    host.scripts.add('/etc/init.d/shop')
    if (i < running) host.spawn(['java', '-Dcatalina.base=/srv/shop'], { listens: [8080] })
  }
  const plan = await built.plan(read(playbook))
  return `${planLines(plan, styleFor(false)).join('\n')}\n`
}

describe('the rollouts of examples/rollout', test => {
  for (const [name, running] of [
    ['rolling-restart', 8],
    ['canary', 0],
    ['by-shares', 0],
  ] as const)
    test(`yield the plans that stand beside them: ${name}`, async () => {
      const plan = await planOf(`${name}.yml`, running)
      assert.ok(plan === read(`${name}.plan`), plan)
    })
})
