import * as assert from 'uvu/assert'
import type { RunEvent, RunFact } from '../../lib/model/event.js'
import { conclusion } from '../../lib/report/conclusion.js'
import { liveLines } from '../../lib/report/live.js'
import { planLines } from '../../lib/report/plan.js'
import { advance, noProgress } from '../../lib/report/progress.js'
import { runLines } from '../../lib/report/run-lines.js'
import { styleFor } from '../../lib/report/style.js'
import { describe } from '../helpers/test.js'
import { both, hostOf, neither, twoHosts } from '../run/builders.js'

const plain = styleFor(false)

describe('a plan on paper', test => {
  test('reads from top to bottom: what, where, how it is now, and what it waits for', async () => {
    const lines = planLines(await twoHosts().plan(both), plain)
    assert.equal(lines.slice(0, 3), [
      'PLAY [all]',
      '  start  km@km1           stopped',
      '  start  dispatcher@app1  stopped  after km@km1',
    ])
    assert.is(lines.at(-1), 'Plan: 2 to start, 0 to stop, 0 as they should be.')
  })

  test('says of a refusal why, and what a person can do', async () => {
    const estate = twoHosts()
    hostOf(estate, 'km1').spawn(['nginx'], { listens: [2013] })
    const text = planLines(await estate.plan(both), plain).join('\n')
    assert.match(text, 'km@km1: port 2013 is held by pid 101 (nginx)\n      end that process, or give km another port')
  })

  test('is no wider in colour: nothing but what can be seen stands at the end of a line', async () => {
    const esc = '\u001b'
    const lines = planLines(await twoHosts().plan(both), styleFor(true))
    assert.is(lines[1], `  ${esc}[33mstart${esc}[39m  km@km1           stopped`)
    for (const line of lines) assert.not.match(line, new RegExp(`\\s(${esc}\\[\\d+m)*$`))
  })

  test('says when there is nothing to do', async () =>
    assert.is(planLines(await twoHosts().plan(neither), plain).at(-1), 'Nothing to do: 2 services as they should be.'))
})

describe('a run on the screen', test => {
  test('shows what is under way, since when, and what it waits for, the longest first', async () => {
    const { facts } = await twoHosts().run(both)
    const until = facts.findIndex(fact => fact._tag === 'StepWaited')
    const lines = live(facts.slice(0, until + 1), 80, 10)
    assert.match(lines[0] ?? '', /^ {2}km@km1 {2}60 s {2}starting: waiting for port 2013$/)
    assert.match(lines[1] ?? '', /^0 of 2 done, /)
  })

  test('fits the window, however many steps there are and however narrow it is', () => {
    const facts = Array.from(
      { length: 400 },
      (_, i): RunFact => ({ _tag: 'StepStarted', id: `service-${i}@host-${i}` as never }),
    )
    const lines = live(facts, 30, 12)
    assert.is(lines.length, 6)
    assert.ok(lines.every(line => line.length <= 30))
    assert.match(lines.at(-2) ?? '', /^ {2}… and 396 more: 396 laun/)
  })

  test('names the hosts that have not answered yet, and how many are out of reach', () =>
    assert.equal(
      live(
        [
          { _tag: 'RunStarted', playbook: 'p', hosts: ['a', 'b', 'c', 'd'] as never },
          { _tag: 'HostObserved', host: 'c' as never, tookMs: 1 },
          { _tag: 'HostUnreachable', host: 'a' as never, why: 'gone' },
        ],
        80,
        24,
      ),
      ['looking: 2 of 4 hosts, 1 out of reach, 60 s; not yet: b, d'],
    ))

  test('counts by batch and in all, and says what is waited for between two and since when', async () => {
    const serial = both.replace('catalog: ', 'serial: 1, pause_between: 30s, catalog: ')
    const { facts } = await twoHosts().run(serial)
    const until = facts.findIndex(fact => fact._tag === 'BatchHeld')
    assert.equal(live(facts.slice(0, until + 1), 80, 24), [
      'all, batch 1 of 2: 1 of 1 done',
      'waiting for all that was changed to be as it should be, 60 s by now',
      'in all: 1 of 2 done, 60 s',
    ])
  })

  test('counts a play that is called like another one by itself', async () => {
    const estate = twoHosts()
    await estate.run(both)
    const one = '- { hosts: all, catalog: catalog.yml, services: { km: running } }'
    const { facts } = await estate.run(`${neither}\n${one}`)
    const until = facts.findLastIndex(fact => fact._tag === 'PlayStarted')
    assert.match(live(facts.slice(0, until + 1), 80, 24)[0] ?? '', 'all: 0 of 1 done')
  })

  test('has no foot once the run has ended', async () =>
    assert.equal(live((await twoHosts().run(both)).facts, 80, 10), []))

  test("ends with a recap in Ansible's words and one sentence", async () => {
    const ended = (await twoHosts().run(both)).facts.at(-1)
    if (ended?._tag !== 'RunEnded') throw new Error('the last event is not the end')
    assert.equal(
      runLines({ ...ended, atMs: 0 }, plain).slice(2),
      [
        'app1 : ok=1 changed=1 unreachable=0 failed=0 skipped=0',
        'km1  : ok=1 changed=1 unreachable=0 failed=0 skipped=0',
      ].sort(
        (a, b) =>
          [...ended.recap.keys()].indexOf(a.split(' ')[0] as never) -
          [...ended.recap.keys()].indexOf(b.split(' ')[0] as never),
      ),
    )
    assert.is(conclusion(ended, 1200), 'Done: 2 services changed, in 1.2 s.')
  })

  test('keeps its columns where the name of a host has letters of two cells', () => {
    const recap = new Map(
      ['東京1', 'kiel1'].map(name => [name, { ok: 1, changed: 0, unreachable: 0, failed: 0, skipped: 0 }]),
    )
    const lines = runLines({ _tag: 'RunEnded', recap, exitCode: 0, atMs: 0 }, plain).slice(2)
    assert.equal(
      lines.map(line => line.slice(0, line.indexOf(' c'))),
      ['東京1 : ok=1', 'kiel1 : ok=1'],
    )
  })

  test('shows what a script printed when its service fails, with nothing in it that acts on the terminal', async () => {
    const fact: RunFact = {
      _tag: 'StepFailed',
      id: 'km@km1' as never,
      why: 'no',
      wayOut: null,
      output: 'a\u001b[31mb\nc',
    }
    assert.equal(runLines({ ...fact, atMs: 0 }, plain), ['failed: [km@km1] no', '    a\\u{1b}[31mb', '    c'])
  })
})

const live = (facts: readonly RunFact[], width: number, height: number): readonly string[] => {
  const events: readonly RunEvent[] = facts.map((fact, i) => ({ ...fact, atMs: 1000 + i }))
  return liveLines(events.reduce(advance, noProgress), 61_000, width, height, plain)
}
