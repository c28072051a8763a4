import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import { digestPlay } from '../../lib/decide/digest.js'
import type { RunFact } from '../../lib/model/event.js'
import type { JournalRecord } from '../../lib/model/journal.js'
import type { HostName, ServiceName } from '../../lib/model/names.js'
import { type StepId, stepId } from '../../lib/model/plan.js'
import type { SavedPlay } from '../../lib/model/saved-plan.js'
import { begunIn } from '../../lib/run/journal/begun.js'
import { type Journal, noJournal } from '../../lib/run/journal/journal.js'
import type { Ended, Estate } from '../helpers/estate.js'
import { describe } from '../helpers/test.js'
import { hostOf, launched, spawnWeb, story, websOn, whyFailed } from './builders.js'

const all = ['h1', 'h2', 'h3', 'h4', 'h5']

const webs = (): Estate => websOn(all)

/** Somebody else has restarted it. */
const move = (built: Estate, name: string): void => {
  hostOf(built, name).processes.clear()
  spawnWeb(hostOf(built, name))
}

const play = (state: string, keys = 'serial: 2, canary: 1') =>
  `- { name: web, hosts: all, catalog: catalog.yml, services: { web: ${state} }, ${keys} }`

/** Of a time that no process is younger than, so that one which somebody else has restarted is not as it should be. */
const restart = play('{ state: running, started_after: "1970-01-01T01:00:00Z" }')

/** What is saved of a plan made now. */
const saved = async (built: Estate, book: string): Promise<readonly SavedPlay[]> =>
  (await built.plan(book)).plays.map(digestPlay)

const apply = (
  built: Estate,
  book: string,
  plays: readonly SavedPlay[],
  { begun = [], ...options }: Parameters<Estate['run']>[1] & { begun?: readonly string[] } = {},
): Promise<Ended> =>
  built.run(book, { held: { plays, begun: new Set(begun as StepId[]), hide: text => text }, ...options })

/** The hosts that each batch has changed. */
const batches = ({ facts }: Ended): readonly string[] => {
  const done: string[] = []
  for (const fact of facts) {
    if (fact._tag === 'PlayStarted') done.push('')
    if (fact._tag === 'StepSucceeded' && fact.changed) done.push(`${done.pop() ?? ''} ${fact.id.slice('web@'.length)}`)
  }
  return done.map(hosts => hosts.trim())
}

const webOn = (host: string) => stepId({ name: 'web' as ServiceName, host: host as HostName })

const failed = (ended: Ended) => story(ended).filter(line => line.startsWith('failed'))

describe('a saved plan of a play with a canary and batches', test => {
  test('is done batch by batch, and a second time does nothing', async () => {
    const built = webs()
    const plan = await saved(built, play('running'))
    assert.equal(
      plan.map(({ steps }) => steps.map(({ host }) => host)),
      [['h1'], ['h2', 'h3'], ['h4', 'h5']],
    )
    const first = await apply(built, play('running'), plan)
    assert.equal([first.exitCode, batches(first)], [0, ['h1', 'h2 h3', 'h4 h5']])
    const second = await apply(built, play('running'), plan)
    assert.equal([second.exitCode, batches(second).join('')], [0, ''])
  })

  test('of a restart is done to the very processes that it was made for', async () => {
    const built = webs()
    await built.run(play('running'))
    const plan = await saved(built, restart)
    const ended = await apply(built, restart, plan)
    assert.equal([ended.exitCode, batches(ended)], [0, ['h1', 'h2 h3', 'h4 h5']])
  })

  test('is refused for a host of a later batch that has moved before it was applied, and for no other', async () => {
    const built = webs()
    await built.run(play('running'))
    const plan = await saved(built, restart)
    move(built, 'h4')
    const ended = await apply(built, restart, plan)
    assert.equal([ended.exitCode, batches(ended)], [2, ['h1', 'h2 h3', 'h5']])
    assert.equal(failed(ended), ['failed web@h4'])
    assert.match(whyFailed(ended), /moved since the plan: web@h4: java pid \d+/)
    assert.equal(launched(built, 'h4'), ['/init/web start'])
  })

  test('is refused for a host that moves while the batches before its own are done, and for no other', async () => {
    const built = webs()
    await built.run(play('running'))
    const plan = await saved(built, restart)
    let hasMoved = false
    const ended = await apply(built, restart, plan, {
      onFact: fact => {
        if (hasMoved || fact._tag !== 'StepStarted' || fact.id !== webOn('h2')) return
        hasMoved = true
        move(built, 'h5')
      },
    })
    assert.equal([hasMoved, ended.exitCode, batches(ended)], [true, 2, ['h1', 'h2 h3', 'h4']])
    assert.equal([failed(ended), launched(built, 'h5')], [['failed web@h5'], ['/init/web start']])
  })

  test('goes no further than a batch all of whose hosts have moved', async () => {
    const built = webs()
    await built.run(play('running'))
    const plan = await saved(built, restart)
    move(built, 'h1')
    const ended = await apply(built, restart, plan)
    assert.equal([ended.exitCode, batches(ended).join('')], [2, ''])
    const stopped = ended.facts.find(fact => fact._tag === 'RolloutStopped')
    assert.equal(stopped?._tag === 'RolloutStopped' && stopped.hosts, {
      new: [],
      failed: ['h1'],
      rolledBack: [],
      old: ['h2', 'h3', 'h4', 'h5'],
      unknown: [],
    })
  })

  for (const hooks of ['', '    before: { stop: { command: /drain } }\n']) {
    test(`is not taken up where its last look had said no${hooks === '' ? '' : ', also after a hook'}`, async () => {
      const built = websOn(all, hooks)
      for (const host of Object.values(built.hosts)) host.commands.set('/drain', () => {})
      await built.run(play('running'))
      const book = play('stopped', 'serial: 0').replace('hosts: all', 'hosts: "h1:h2"')
      const plan = await saved(built, book)
      const records: JournalRecord[] = []
      const append: Journal['append'] = async entry => E.right(void records.push({ ...entry, atMs: 0 }))
      let hasMoved = false
      const onFact = (fact: RunFact) => {
        const last = hooks === '' ? 'StepStarted' : 'CommandEnded'
        if (hasMoved || fact._tag !== last || fact.id !== webOn('h1')) return
        hasMoved = true
        move(built, 'h1')
      }
      const stops = () => ['h1', 'h2'].map(name => launched(built, name).includes('/init/web stop'))
      const first = await apply(built, book, plan, { journal: { ...noJournal, append }, onFact })
      assert.match(whyFailed(first), /changed since the plan/)
      assert.ok(records.some(record => record._tag === 'Intended' && record.id === webOn('h1')))
      const rest = await apply(built, book, plan, { begun: begunIn(records) })
      assert.match(whyFailed(rest), /moved since the plan: web@h1/)
      assert.equal([stops(), rest.exitCode], [[false, true], 2])
    })
  }

  test('of a stop is not taken up for what somebody has started since it was begun', async () => {
    const built = webs()
    await built.run(play('running'))
    const plan = await saved(built, play('stopped', 'serial: 0'))
    move(built, 'h1')
    hostOf(built, 'h2').processes.clear()
    const rest = await apply(built, play('stopped', 'serial: 0'), plan, { begun: ['web@h1', 'web@h2', 'web@h3'] })
    assert.match(whyFailed(rest), /moved since the plan: web@h1: java pid \d+ .*was not there/)
    assert.equal([failed(rest), hostOf(built, 'h1').processes.size], [['failed web@h1'], 1])
    assert.equal(batches(rest).join(' '), 'h3 h4 h5')
  })

  test('is taken up where it was cut short, and holds to what it says of the rest', async () => {
    const built = webs()
    await built.run(play('running'))
    const plan = await saved(built, play('stopped'))
    const interruption = new AbortController()
    const cut = await apply(built, play('stopped'), plan, {
      signal: interruption.signal,
      onFact: fact => {
        if (fact._tag === 'StepStarted' && fact.id === webOn('h2')) interruption.abort()
      },
    })
    assert.equal([cut.exitCode, batches(cut).join(' ').trim()], [99, 'h1 h2'])
    move(built, 'h4')
    const begun = story(cut).flatMap(line => (line.startsWith('begin ') ? [line.slice('begin '.length)] : []))
    const rest = await apply(built, play('stopped'), plan, { begun })
    assert.equal([rest.exitCode, batches(rest).join(' ').trim()], [2, 'h3 h5'])
    assert.equal(failed(rest), ['failed web@h4'])
    for (const name of ['h1', 'h2', 'h3', 'h5']) assert.is(launched(built, name).length, 2, name)
  })
})
