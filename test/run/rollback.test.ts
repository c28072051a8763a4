import * as assert from 'uvu/assert'
import type { RunEvent, RunFact } from '../../lib/model/event.js'
import { runLines } from '../../lib/report/run-lines.js'
import { styleFor } from '../../lib/report/style.js'
import { type Ended, type Estate, estate } from '../helpers/estate.js'
import { describe } from '../helpers/test.js'
import { hostOf, spawnWeb, story, websOn, whyFailed } from './builders.js'

const all = ['h1', 'h2', 'h3', 'h4']

const webs = (more = ''): Estate => websOn(all, `    rollback: stop\n${more}`)

const started = '{ web: running }'
const restarted = '{ web: { state: running, started_after: "1970-01-01T01:00:00Z" } }'

const play = (services: string, keys: string): string =>
  `- { name: web, hosts: all, catalog: catalog.yml, services: ${services}, ${keys} }`

const isStopped = (built: Estate, name: string): boolean => hostOf(built, name).ran.includes('/init/web stop')

/** `meanwhile` happens as soon as the first step has begun. */
const rolledBack = async (built: Estate, book: string, meanwhile: () => void): Promise<Ended> => {
  let isBegun = false
  return built.run(book, {
    rollback: 'stop',
    onFact: fact => {
      if (isBegun || fact._tag !== 'StepStarted') return
      isBegun = true
      meanwhile()
    },
  })
}

type Stopped = Extract<RunFact, { _tag: 'RolloutStopped' }>

const stoppedIn = ({ facts }: Ended): Stopped | undefined =>
  facts.find((fact): fact is Stopped => fact._tag === 'RolloutStopped')

describe('where a rollout that was stopped has left its hosts', test => {
  const gated = play(started, 'canary: 2, gate: { command: exit 3, within: 0s }')

  test('is not as they should be where it was rolled back', async () => {
    const ended = await webs().run(gated, { rollback: 'stop' })
    const rest = { new: [], failed: [], old: ['h3', 'h4'], unknown: [] }
    assert.equal(stoppedIn(ended)?.hosts, { ...rest, rolledBack: ['h1', 'h2'] })
    assert.ok(runLines(stopEvent(ended), styleFor(false)).includes('  rolled back: h1, h2'))
    const untouched = stoppedIn(await webs().run(gated))?.hosts
    assert.equal([untouched?.new, untouched?.rolledBack], [['h1', 'h2'], []])
  })

  test('is failed where the rollback failed too', async () => {
    const built = webs()
    hostOf(built, 'h2').commands.set('/init/web stop', () => {})
    const hosts = stoppedIn(await built.run(gated, { rollback: 'stop' }))?.hosts
    assert.equal([hosts?.rolledBack, hosts?.failed, hosts?.new], [['h1'], ['h2'], []])
  })

  test('is not known of one that was cut short between two of its services', async () => {
    const built = webs(`  app:
    hosts: all
    requires: web
    script: /init/app
    processes: { java: { args: [-Dbase=app] } }
`)
    for (const name of all) hostOf(built, name).scripts.add('/init/app')
    hostOf(built, 'h2').commands.set('/init/web start', () => {})
    const ended = await built.run(play('{ web: running, app: running }', 'any_errors_fatal: true'))
    assert.equal(story(ended).filter(line => line.startsWith('skipped')).length, 4)
    const hosts = stoppedIn(ended)?.hosts
    assert.equal([hosts?.old, hosts?.failed, hosts?.unknown], [[], ['h2'], ['h1', 'h3', 'h4']])
  })
})

const stopEvent = (ended: Ended): RunEvent => ({ ...(stoppedIn(ended) as Stopped), atMs: 0 })

describe('a rollback leaves alone', test => {
  test('an instance that there was no room to restart', async () => {
    const built = webs('    max_unavailable: 1')
    await built.run(play(started, 'serial: 0'))
    hostOf(built, 'h4').processes.clear()
    const book = play(restarted, 'any_errors_fatal: true').replace('hosts: all', 'hosts: "h1:h2"')
    const ended = await built.run(book, { rollback: 'stop' })
    assert.match(whyFailed(ended), /1 of 4 instances are away and no more than 1 may be/)
    assert.equal([isStopped(built, 'h1'), isStopped(built, 'h2'), ended.exitCode], [false, false, 2])
  })

  test('an instance that somebody else has started', async () => {
    const built = webs()
    const book = play(started, 'canary: 2, gate: { command: exit 3, within: 1s }')
    const ended = await rolledBack(built, book, () => void spawnWeb(hostOf(built, 'h2')))
    assert.ok(story(ended).includes('ok web@h2'))
    assert.equal([isStopped(built, 'h1'), isStopped(built, 'h2')], [true, false])
  })

  test('an instance that had changed since the plan, so that nothing was done to it', async () => {
    const built = webs()
    await built.run(play(started, 'serial: 0'))
    const host = hostOf(built, 'h2')
    const ended = await rolledBack(built, play(restarted, 'canary: 2, any_errors_fatal: true'), () => {
      host.processes.clear()
      spawnWeb(host)
      spawnWeb(host)
    })
    assert.match(whyFailed(ended), /changed since the plan/)
    assert.equal([isStopped(built, 'h1'), isStopped(built, 'h2'), host.processes.size], [true, false, 2])
  })

  test('the copy that was kept of several', async () => {
    const web = `{ hosts: all, script: /init/web, processes: { java: { args: [-Dbase=web], listens: 80 } },
      stop: { then: [TERM] }, ready: { within: 5s, stable: 1s }, on_duplicate: keep_port_owner, rollback: stop }`
    const built = estate(`services: { web: ${web} }`, 'all: { hosts: { h1: , h2: } }')
    for (const { scripts } of Object.values(built.hosts)) scripts.add('/init/web')
    const host = hostOf(built, 'h1')
    const kept = spawnWeb(host)
    host.spawn(['java', '-Dbase=web'])
    host.commands.set('/init/web stop', () => host.processes.clear())
    const ended = await built.run(play(started, 'canary: 1, gate: { command: exit 3, within: 0s }'), {
      rollback: 'stop',
    })
    assert.ok(story(ended).includes('changed web@h1'), story(ended).join())
    assert.equal([isStopped(built, 'h1'), [...host.processes.keys()]], [false, [kept]])
  })
})
