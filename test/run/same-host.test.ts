import * as assert from 'uvu/assert'
import { type Estate, estate } from '../helpers/estate.js'
import { describe } from '../helpers/test.js'
import { hostOf, launched, story, whyFailed } from './builders.js'

const names = ['web1', 'web2', 'web3']

/** On each host a `db`, and an `app` that requires it. */
const stacks = (requires: string): Estate => {
  const common = 'ready: { within: 5s, stable: 1s }, stop: { within: 5s }'
  const built = estate(
    `
services:
  app: { hosts: all, requires: ${requires}, script: /init/app, processes: { p: { args: [-Dbase=app], listens: 80 } }, ${common} }
  db: { hosts: all, script: /init/db, processes: { p: { args: [-Dbase=db], listens: 5432 } }, ${common} }
`,
    `all: { hosts: { ${names.map(name => `${name}: `).join(', ')} } }`,
  )
  for (const host of Object.values(built.hosts)) {
    for (const [service, port] of [
      ['app', 80],
      ['db', 5432],
    ] as const) {
      host.scripts.add(`/init/${service}`)
      host.commands.set(`/init/${service} start`, () => {
        host.spawn(['java', `-Dbase=${service}`], { listens: [port] })
      })
      host.commands.set(`/init/${service} stop`, () => {
        for (const { pid, args } of host.processes.values()) {
          if (args.includes(`-Dbase=${service}`)) host.processes.delete(pid)
        }
      })
    }
  }
  return built
}

const play = (state: string, keys = ''): string =>
  `- { hosts: all, catalog: catalog.yml, services: { app: ${state}, db: ${state} }${keys} }`
const stopAndStart = '{ state: running, started_after: 2100-01-01T00:00:00Z }'

const pairs = (first: string, then: string): readonly string[] =>
  names.flatMap(name => [
    `begin ${first}@${name}`,
    `changed ${first}@${name}`,
    `begin ${then}@${name}`,
    `changed ${then}@${name}`,
  ])

describe('what is required on the same host', test => {
  test('is not waited for elsewhere: a host out of reach, and one that fails, hold back themselves alone', async () => {
    const built = stacks('{ db: same_host }')
    hostOf(built, 'web3').down = { _tag: 'Unreachable', why: 'no route' }
    hostOf(built, 'web2').commands.set('/init/db start', () => {})
    const ended = await built.run(play('running'))
    const told = story(ended)
    assert.equal(
      told.filter(line => line.endsWith('@web1')),
      pairs('db', 'app').slice(0, 4),
    )
    assert.equal(
      told.filter(line => line.endsWith('@web2')),
      ['begin db@web2', 'failed db@web2', 'skipped app@web2'],
    )
    assert.equal(launched(built, 'web3'), [])
    assert.is(ended.exitCode, 4)
  })

  test('goes over the hosts one by one, as a start, a restart and a stop', async () => {
    const built = stacks('{ db: same_host }')
    assert.equal(story(await built.run(play('running', ', serial: 1'))), pairs('db', 'app'))
    const again = await built.run(play(stopAndStart, ', serial: 1'))
    assert.equal(story(again), pairs('db', 'app'))
    assert.equal(
      story(await built.run(play('stopped', ', canary: 1'))).filter(line => line.endsWith('web1')),
      pairs('app', 'db').slice(0, 4),
    )
    assert.is(again.exitCode, 0)
  })

  test('is stopped after what requires it there, whatever becomes of that elsewhere', async () => {
    const built = stacks('{ db: same_host }')
    await built.run(play('running'))
    hostOf(built, 'web2').commands.set('/init/app stop', () => {})
    const told = story(await built.run(play('stopped')))
    assert.equal(
      told.filter(line => line.endsWith('@web1')),
      pairs('app', 'db').slice(0, 4),
    )
    assert.equal(
      told.filter(line => line.endsWith('@web2')),
      ['begin app@web2', 'failed app@web2', 'skipped db@web2'],
    )
  })

  test('refuses a start beside one that does not run and is left alone', async () => {
    const built = stacks('{ db: same_host }')
    const only = '- { hosts: all, catalog: catalog.yml, services: { app: running } }'
    hostOf(built, 'web1').spawn(['java', '-Dbase=db'], { listens: [5432] })
    const ended = await built.run(only)
    assert.equal(
      story(ended).filter(line => !line.startsWith('failed')),
      ['begin app@web1', 'changed app@web1'],
    )
    assert.match(whyFailed(ended), 'it requires db on web2, which is stopped')
  })
})

describe('what is required on all hosts', test => {
  const limited = '- { hosts: web1, catalog: catalog.yml, services: { app: running, db: running } }'
  const refusalOf = async (built: Estate, playbook: string) => {
    const { plays } = await built.plan(playbook)
    const step = plays.flatMap(({ steps }) => steps).find(({ id }) => id === 'app@web1')
    return step?.action._tag === 'Refuse' ? [step.action.why, step.action.wayOut] : []
  }

  test('is told with what may have been meant, where each host has one of its own', async () => {
    const built = stacks('db')
    hostOf(built, 'web2').down = { _tag: 'Unreachable', why: 'no route' }
    const hint = '; if app needs only the db of its own host, let it say so: requires: { db: same_host }'
    assert.equal(await refusalOf(built, limited), [
      'it requires db on web2, which cannot be seen there: no route',
      `see that it runs first: this play leaves it as it is${hint}`,
    ])
    assert.equal(await refusalOf(stacks('{ db: all_hosts }'), limited), [
      'it requires db on web2, which is stopped',
      `see that it runs first: this play leaves it as it is${hint}`,
    ])
  })
})
