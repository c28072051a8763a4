import * as assert from 'uvu/assert'
import type { RunFact } from '../../lib/model/event.js'
import { planLines } from '../../lib/report/plan.js'
import { styleFor } from '../../lib/report/style.js'
import type { Ended, Estate } from '../helpers/estate.js'
import { describe } from '../helpers/test.js'
import { hostOf, spawnWeb, story, websOn } from './builders.js'

const all = ['h1', 'h2', 'h3', 'h4']

const webs = (more = ''): Estate => websOn(all, more)

const play = (keys: string, services = '{ web: running }', hosts = 'all'): string =>
  `- { name: web, hosts: "${hosts}", catalog: catalog.yml, services: ${services}, ${keys} }`

const begun = (ended: Ended): readonly string[] =>
  story(ended).flatMap(line => (line.startsWith('begin ') ? [line.slice('begin '.length)] : []))

type Stopped = Extract<RunFact, { _tag: 'RolloutStopped' }>

const stoppedIn = ({ facts }: Ended): Stopped | undefined =>
  facts.find((fact): fact is Stopped => fact._tag === 'RolloutStopped')

/** What each run said that it waited for behind its canary. */
const heldFor = ({ facts }: Ended): readonly string[] =>
  facts.flatMap(fact => (fact._tag === 'BatchHeld' && fact.batch.isCanary ? [fact.for] : []))

describe('a batch', test => {
  test('of which nothing was changed is waited for by nobody', async () => {
    const built = webs()
    const book = play('serial: 2, max_fail_percentage: 50')
    await built.run(book)
    for (const name of ['h1', 'h3']) hostOf(built, name).processes.clear()
    hostOf(built, 'h1').commands.set('/init/web start', () => {})
    const { facts } = await built.run(book)
    const held = facts.flatMap(fact => (fact._tag === 'BatchHeld' ? [[fact.batch.number, fact.for]] : []))
    assert.equal(held, [[2, 'all that was changed to be as it should be']])
  })
})

describe('a canary', test => {
  test('that an earlier play has lost is none: no other host is begun, and nobody is told that it is well', async () => {
    const built = webs(`  db:
    hosts: h1
    script: /init/db
    processes: { java: { args: [-Dbase=db] } }
    ready: { within: 2s, stable: 1s }
`)
    hostOf(built, 'h1').scripts.add('/init/db')
    hostOf(built, 'h1').commands.set('/init/db start', () => {})
    const asked: string[] = []
    const book = `${play('serial: 0', '{ db: running }', 'h1')}\n${play('canary: { hosts: 1, ask: true }')}`
    const ended = await built.run(book, { goOn: async question => asked.push(question) > 0 })
    assert.equal([begun(ended), asked, ended.exitCode], [['db@h1'], [], 2])
    assert.match(stoppedIn(ended)?.why ?? '', /an earlier play failed on all hosts of the canary: h1/)
  })

  test('is asked about again where a run is taken up behind it', async () => {
    const built = webs()
    const book = play('canary: { hosts: 1, ask: true }, serial: 2')
    const first = await built.run(book)
    assert.equal([begun(first), first.exitCode], [['web@h1'], 99])
    const nobody = await built.run(book)
    assert.equal([begun(nobody), nobody.exitCode], [[], 99])
    const asked: string[] = []
    const yes = await built.run(book, { goOn: async question => asked.push(question) > 0 })
    assert.equal([begun(yes).length, yes.exitCode], [3, 0])
    assert.equal(asked, ['The canary, batch 1 of 3, is well. Go on with the others?'])
    assert.equal([begun(await built.run(book)), asked.length], [[], 1])
  })

  test('is held for what its processes lack of its time, and no longer', async () => {
    const built = webs()
    const book = play('canary: { hosts: 1, stable: 10m }')
    const cut = new AbortController()
    await built.run(book, { signal: cut.signal, onFact: fact => (fact._tag === 'BatchHeld' ? cut.abort() : undefined) })
    const { clock } = hostOf(built, 'h1')
    await clock.sleep(60_000)
    const sinceMs = clock.now()
    const rest = await built.run(book)
    assert.equal([begun(rest).length, rest.exitCode], [3, 0])
    const tookMs = clock.now() - sinceMs
    assert.ok(tookMs > 500_000 && tookMs < 560_000, `${tookMs} ms`)
    await clock.sleep(600_000)
    hostOf(built, 'h4').processes.clear()
    const later = await built.run(book)
    assert.equal([begun(later), heldFor(later)], [['web@h4'], ['it to be as it should be']])
  })

  test('holds up the others where it is found dead by then', async () => {
    const built = webs()
    spawnWeb(hostOf(built, 'h1'))
    const ended = await built.run(play('canary: { hosts: 1, stable: 10m }'), {
      onFact: fact => (fact._tag === 'BatchHeld' ? hostOf(built, 'h1').processes.clear() : undefined),
    })
    assert.equal([begun(ended), ended.exitCode, stoppedIn(ended)?.hosts.failed], [[], 2, ['h1']])
  })
})

describe('a gate that has stopped a rollout', test => {
  const gated = 'serial: 2, gate: { command: exit 3, within: 0s }'

  test('is not walked around by running it again', async () => {
    const built = webs()
    assert.equal(begun(await built.run(play(gated))), ['web@h1', 'web@h2'])
    const again = await built.run(play(gated))
    assert.equal([begun(again), again.exitCode], [[], 2])
    assert.match(stoppedIn(again)?.why ?? '', /the gate after batch 1 of 2 did not open: command exit 3/)
    assert.equal(begun(await built.run(play('serial: 2, gate: { command: exit 0 }'))), ['web@h3', 'web@h4'])
  })

  test('stands in the plan', async () => {
    const built = webs()
    spawnWeb(hostOf(built, 'h1'))
    const held = async (keys: string) =>
      planLines(await built.plan(play(keys)), styleFor(false)).filter(line => /^ {2}(first|then|and) /.test(line))
    assert.equal((await held('serial: 1, gate: { command: exit 3 }')).slice(0, 1), [
      '  first command exit 3 has to say yes',
    ])
    assert.equal(await held('canary: { hosts: 1, stable: 10m, ask: true }, gate: { command: exit 3 }, serial: 3'), [
      '  first the canary has to be as it should be, and to have been so for 10 min 0 s',
      '  and command exit 3 has to say yes',
      '  and somebody has to say that it goes on',
      '  then all that was changed has to be as it should be',
      '  and command exit 3 has to say so too',
    ])
    assert.equal(await held('serial: 1, canary: 4'), [])
  })
})

describe('an interruption', test => {
  const restarted = '{ web: { state: running, started_after: "1970-01-01T01:00:00Z" } }'

  /** Interrupted at the first fact of that kind. */
  const cutAt = (built: Estate, kind: RunFact['_tag'], book: string, options: Parameters<Estate['run']>[1] = {}) => {
    const cut = new AbortController()
    const onFact = ({ _tag }: RunFact) => (_tag === kind ? cut.abort() : undefined)
    return built.run(book, { ...options, signal: cut.signal, onFact })
  }

  test('looks at none of the later batches anew, and names none of them', async () => {
    const built = webs()
    const ended = await cutAt(built, 'StepStarted', play('serial: 1'))
    assert.equal([begun(ended), ended.exitCode], [['web@h1'], 99])
    assert.equal(
      ['h2', 'h3', 'h4'].map(name => hostOf(built, name).ran),
      [['look'], ['look'], ['look']],
    )
    assert.is(ended.facts.filter(({ _tag }) => _tag === 'PlayStarted').length, 1)
  })

  test('of a restart that waits for room is no failure of it', async () => {
    const built = webs('    max_unavailable: 1')
    await built.run(play('serial: 0'))
    hostOf(built, 'h4').processes.clear()
    const ended = await cutAt(built, 'StepWaited', play('serial: 0', restarted, 'h1'))
    assert.equal([story(ended), ended.exitCode], [['skipped web@h1'], 99])
  })

  test('at a gate is not what the gate says, and rolls nothing back', async () => {
    const built = webs('    rollback: stop')
    const book = play('serial: 2, gate: { command: exit 3, within: 1h }')
    const ended = await cutAt(built, 'BatchHeld', book, { rollback: 'stop' })
    assert.equal([stoppedIn(ended), ended.exitCode], [undefined, 99])
    assert.equal(hostOf(built, 'h1').ran.includes('/init/web stop'), false)
  })

  test('asks nobody whether to go on', async () => {
    const asked: string[] = []
    const goOn = async (question: string) => asked.push(question) > 0
    const ended = await cutAt(webs(), 'StepStarted', play('serial: 1'), { stepwise: true, goOn })
    assert.equal([asked.length, ended.exitCode, stoppedIn(ended)], [1, 99, undefined])
  })
})
