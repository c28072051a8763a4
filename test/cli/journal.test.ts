import * as assert from 'uvu/assert'
import { openJournal } from '../../lib/run/journal/store.js'
import { steward } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'
import { closed, concluded, intended, opening, placeIn, rightOf, withFolder } from '../run/journal/builders.js'

describe('steward runs and steward show', test => {
  test('tell of the runs below XDG_STATE_HOME', () =>
    withFolder(async XDG_STATE_HOME => {
      const runId = await keep(XDG_STATE_HOME)
      const list = await steward(['runs'], { env: { XDG_STATE_HOME } })
      assert.match(list.stdout, new RegExp(`^${runId} +done +1 changed +run /play.yml$`, 'm'))
      const story = await steward(['show', 'last'], { env: { XDG_STATE_HOME } })
      assert.match(story.stdout, /^RUN .*: done\n[\s\S]*begun: \[km@km1\] script: \/init\/km start\n/)
      assert.equal([list.code, story.code], [0, 0])
    }))

  test('give JSON to other programs', () =>
    withFolder(async XDG_STATE_HOME => {
      const runId = await keep(XDG_STATE_HOME)
      const list = JSON.parse((await steward(['runs', '--json'], { env: { XDG_STATE_HOME } })).stdout)
      assert.equal([list.length, list[0].runId, list[0].end, list[0].outcomes.changed], [1, runId, 'done', 1])
      const one = JSON.parse((await steward(['show', runId, '--json'], { env: { XDG_STATE_HOME } })).stdout)
      assert.equal(
        [one.records.map(({ _tag }: { _tag: string }) => _tag), one.tail],
        [['RunOpened', 'Intended', 'Concluded', 'RunClosed'], { _tag: 'Whole' }],
      )
    }))

  test('make nothing, and say so where there is no run', () =>
    withFolder(async XDG_STATE_HOME => {
      const list = await steward(['runs'], { env: { XDG_STATE_HOME } })
      assert.equal([list.code, list.stdout, list.stderr], [0, '', 'steward: no run yet\n'])
      const story = await steward(['show', 'last'], { env: { XDG_STATE_HOME } })
      assert.equal([story.code, story.stdout], [5, ''])
      assert.match(story.stderr, `there is no run yet in ${XDG_STATE_HOME}/steward/runs`)
    }))
})

const keep = async (stateHome: string): Promise<string> => {
  const journal = rightOf(await openJournal(placeIn(stateHome), opening()))
  for (const entry of [intended(), concluded(), closed()]) await journal.append(entry)
  await journal.close()
  return journal.runId
}
