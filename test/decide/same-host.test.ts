import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import { expandPlaybook } from '../../lib/decide/expand.js'
import { explain } from '../../lib/decide/explain.js'
import { planPlay } from '../../lib/decide/plan.js'
import { graphServices } from '../../lib/decide/service-graph.js'
import type { HostName } from '../../lib/model/names.js'
import { type Step, stepId } from '../../lib/model/plan.js'
import type { Expansion } from '../../lib/model/playbook.js'
import { parsePattern } from '../../lib/read/pattern.js'
import { listLines, listPlays } from '../../lib/report/lists.js'
import { describe } from '../helpers/test.js'
import { complaints, inventoryOf, playbookOf, right } from '../helpers/written.js'
import { observation, service } from './builders.js'

const inventory = 'all: { hosts: { web1: , web2: { old: true }, web3: , km1: } }'
const catalog = `services:
  app: { hosts: "web*", requires: { db: same_host, km: all_hosts }, start: x, processes: { p: { args: [app] } } }
  db: { hosts: "web*", start: x, processes: { p: { args: [db] } } }
  km: { hosts: km1, start: x, processes: { p: { args: [km] } } }
`
type Given = Readonly<{ services: string; hosts?: string; keys?: string; limit?: string }>

const expansion = ({ services, hosts = 'all', keys = '', limit }: Given) => {
  const play = `- { hosts: "${hosts}", catalog: c.yml, services: { ${services} }${keys} }`
  const pattern = limit === undefined ? null : parsePattern(limit, null)
  return expandPlaybook(playbookOf({ 'play.yml': play, 'c.yml': catalog }), inventoryOf(inventory), pattern)
}
const expand = (given: Given): Expansion => right(expansion(given))

const prerequisites = ({ plays }: Expansion) => plays.map(one => one.prerequisites.map(stepId))

/** Of hosts on which nothing runs. */
const stepsOf = ({ plays }: Expansion, batch = 0): readonly Step[] => {
  const play = plays[batch]
  if (play === undefined) throw new Error('there is no play')
  const nothing = E.right(observation([]))
  return planPlay(play, new Map(['web1', 'web2', 'web3', 'km1'].map(name => [name as HostName, nothing]))).steps
}
const after = (steps: readonly Step[], id: string) => steps.find(step => step.id === id)?.after

describe('a requirement on all hosts', test => {
  test('of what an earlier batch has not brought up is not said to be left alone', () => {
    const batches = expand({
      hosts: 'km1:web*',
      services: 'app: running, db: running, km: running',
      keys: ', serial: [1, 3]',
    })
    const action = stepsOf(batches, 1).find(({ id }) => id === 'app@web1')?.action
    assert.equal(action, {
      _tag: 'Refuse',
      why: 'it requires km on km1, which is stopped',
      wayOut: 'see that it runs first: an earlier batch was to start it',
    })
  })
})

describe('a requirement on the same host', test => {
  test('is looked at there alone, and in its own batch', () => {
    const limited = expand({ services: 'app: running', limit: 'web2' })
    assert.equal(prerequisites(limited), [['db@web2', 'km@km1']])
    assert.equal([...limited.routes.keys()], ['web2', 'km1'])
    assert.equal(prerequisites(expand({ services: 'app: running, db: running', limit: 'web2' })), [['km@km1']])
    assert.equal(prerequisites(expand({ services: 'app: running', keys: ', serial: 2' })), [
      ['db@web1', 'db@web2', 'km@km1'],
      ['db@web3', 'km@km1'],
    ])
  })

  test('orders the steps of its host, beside one on all hosts', () => {
    const steps = stepsOf(expand({ services: 'app: running, db: running, km: running' }))
    assert.equal(after(steps, 'app@web2'), ['km@km1', 'db@web2'])
    assert.equal(after(steps, 'db@web2'), [])
  })

  test('lets the play stop it where what requires it is not to run', () => {
    const apart = 'app: { state: running, when: "old is undefined" }, db: { state: stopped, when: old is defined }'
    assert.equal(prerequisites(expand({ services: apart })), [['db@web1', 'db@web3', 'km@km1']])
    assert.equal(complaints(expansion({ services: 'app: running, db: stopped' })), [
      'play.yml:1:47: "app" should run and requires "db", which this play stops',
    ])
  })

  test('is explained by the one of its host', () => {
    const [one, two] = ['h1', 'h2'].map(host => [service('app', host, { requiresHere: ['db'] }), service('db', host)])
    const all = [...(one ?? []), ...(two ?? [])]
    const waits = all.slice(0, 2).map(about => {
      const { toRun, toStop } = explain(about, observation([]), all, new Map())
      return [toRun, toStop].map(({ waitsFor }) => waitsFor.map(({ service, host }) => `${service}@${host}`))
    })
    assert.equal(waits, [
      [['db@h1'], []],
      [[], ['app@h1']],
    ])
  })

  test('is drawn, and listed with its host', () => {
    const both = expand({ services: 'app: running, db: running', limit: 'web1' })
    assert.equal(graphServices(both)[0]?.edges, [
      ['km', 'app'],
      ['db', 'app'],
    ])
    assert.equal(listLines(listPlays(both, { hosts: false, steps: true, tags: false })).slice(1), [
      '  app@web1: running, after km, db@web1',
      '  db@web1: running',
    ])
  })
})
