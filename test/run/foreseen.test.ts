import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import { digestPlay } from '../../lib/decide/digest.js'
import { readSavedPlan } from '../../lib/read/saved-plan.js'
import { planLines } from '../../lib/report/plan.js'
import { shortPlanLines } from '../../lib/report/plan-summary.js'
import { runLines } from '../../lib/report/run-lines.js'
import { savedPlanText } from '../../lib/report/saved-plan.js'
import { styleFor } from '../../lib/report/style.js'
import { type Estate, estate, memoryFiles } from '../helpers/estate.js'
import { plainRun } from '../helpers/plain-run.js'
import { wanted } from '../helpers/random.js'
import { describe } from '../helpers/test.js'
import { both, hostOf, launched, neither, story, twoHosts } from './builders.js'
import { foreseeAtRandom } from './foreseen.js'

const plain = styleFor(false)

/** A stranger holds km's port. */
const heldUp = (): Estate => {
  const built = twoHosts()
  hostOf(built, 'km1').spawn(['nginx'], { listens: [2013] })
  return built
}

describe('a plan of what cannot all be done', test => {
  test(
    'foresees of every step whether a run does it, fails at it or skips it',
    async () => {
      const soaking = wanted(40)
      const { done, skipped } = await foreseeAtRandom(soaking)
      const said = `${done} done, skipped: ${JSON.stringify([...skipped])}`
      if (soaking.runs < 40) return
      assert.ok(done > soaking.runs, said)
      for (const why of ['it comes after', 'an earlier play', 'the rollout would'])
        assert.ok((skipped.get(why) ?? 0) > 0, said)
    },
    { timeoutMs: 600_000 },
  )

  test('says what would be skipped, for whose sake, and counts it as such', async () => {
    const plan = await heldUp().plan(`${both}\n${both}`)
    assert.equal(planLines(plan, plain), [
      'PLAY [all]',
      '  refuse  km@km1           foreign: port 2013 is held by pid 101 (nginx)',
      '  skip    dispatcher@app1  stopped                                        after km@km1',
      '    km@km1: port 2013 is held by pid 101 (nginx)',
      '      end that process, or give km another port',
      '    dispatcher@app1: would be skipped: it comes after km@km1, which cannot be done',
      '',
      'PLAY [all]',
      '  skip  km@km1           foreign: port 2013 is held by pid 101 (nginx)',
      '  skip  dispatcher@app1  stopped                                        after km@km1',
      '    km@km1: would be skipped: an earlier play would fail on km1',
      '    dispatcher@app1: would be skipped: an earlier play would fail on app1',
      '',
      'Plan: 0 to start, 0 to stop, 0 as they should be, 1 cannot be done, 3 skipped for it.',
    ])
    assert.equal(runLines({ _tag: 'Planned', plan, atMs: 0 }, plain), [
      '4 services looked at, nothing to do, 1 cannot be done, 3 skipped for it',
    ])
  })

  test('tells of many hosts that are skipped alike in one line', async () => {
    const names = Array.from({ length: 70 }, (_, i) => `h${i}`)
    const one = (name: string, hosts: string, more: string) =>
      `  ${name}: { hosts: ${hosts}, script: /init/${name}, processes: { main: { args: [-D${name}] } }${more} }\n`
    const built = estate(
      `services:\n${one('db', 'h0', '')}${one('web', 'all', ', requires: db')}`,
      `all: { hosts: { ${names.map(name => `${name}: `).join(', ')} } }`,
    )
    for (const name of names) hostOf(built, name).scripts.add('/init/web')
    const plan = await built.plan('- { hosts: all, catalog: catalog.yml, services: { db: running, web: running } }')
    assert.is(
      shortPlanLines(plan, plain)[1],
      '  skip  web  stopped  70 hosts: h0, h1, h10, h11 and 66 more; it comes after db@h0, which cannot be done',
    )
  })

  test('does not foresee what a skipped start would have led to', async () => {
    const plan = await heldUp().plan(`${both}\n${neither}`)
    assert.equal(
      plan.plays.map(({ steps }) => steps.map(({ action }) => action._tag)),
      [
        ['Refuse', 'Start'],
        ['None', 'None'],
      ],
    )
  })
})

describe('a saved plan of what cannot all be done', test => {
  test('is read from its file with what it has as skipped', async () => {
    const plays = (await heldUp().plan(both)).plays.map(digestPlay)
    const text = savedPlanText({ madeAtMs: 0, madeBy: 'me', version: '1', options: plainRun, plays })
    const read = readSavedPlan(memoryFiles({ plan: text }), 'plan')
    assert.equal(E.isRight(read) && read.right.plays, plays)
    assert.match(text, '"skipped":"it comes after km@km1, which cannot be done"')
  })

  const apply = async (free: (built: Estate) => void) => {
    const built = heldUp()
    const plays = (await built.plan(both)).plays.map(digestPlay)
    free(built)
    const ended = await built.run(both, { held: { plays, begun: new Set(), hide: text => text } })
    assert.equal(launched(built, 'app1'), [])
    return { ended, ...built }
  }
  const end = (built: Estate) => hostOf(built, 'km1').processes.clear()

  test('skips the same where nothing is otherwise, and where what held it up has moved', async () => {
    const skipped = ['failed km@km1', 'skipped dispatcher@app1']
    assert.equal(story((await apply(() => {})).ended), skipped)
    const { ended } = await apply(end)
    assert.equal(story(ended), skipped)
    const planned = ended.facts.flatMap(fact => (fact._tag === 'Planned' ? fact.plan.plays : []))
    assert.equal(
      planned.flatMap(({ steps }) => steps.map(({ action, skipped }) => `${action._tag} ${skipped}`)),
      ['Refuse undefined', 'Refuse it comes after km@km1, which cannot be done'],
    )
  })

  test('does not do what it has as skipped, though it could be done by now', async () => {
    const { ended } = await apply(built => {
      end(built)
      hostOf(built, 'km1').spawn(['java', '-Dbase=km'], { listens: [2013] })
    })
    assert.equal(story(ended), ['ok km@km1', 'failed dispatcher@app1'])
    assert.match(JSON.stringify(ended.facts), 'the plan has it as skipped: it comes after km@km1, which cannot be done')
  })
})
