/** docs/concepts.md says what is done about each verdict: that is what is done. */
import * as assert from 'uvu/assert'
import { decideAction } from '../../lib/decide/action.js'
import { judge } from '../../lib/decide/judge.js'
import type { Observation } from '../../lib/model/observation.js'
import type { Action } from '../../lib/model/plan.js'
import type { DesiredState } from '../../lib/model/playbook.js'
import type { Verdict } from '../../lib/model/verdict.js'
import { daemon, listener, observation, process, service } from '../decide/builders.js'
import { describe } from '../helpers/test.js'
import { readPage } from './pages.js'

/** What is missing of it has a start of its own, as the page says it must. */
const km = service('km', 'h1', {
  processes: [daemon('web', ['-Dbase=km'], { port: 80 }), daemon('queue', ['-Dqueue=km'], { start: 'queue start' })],
})
const web = (pid: number, ageSeconds: number) => process(pid, ['java', '-Dbase=km'], { ageSeconds })
const queue = process(12, ['java', '-Dqueue=km'], { ageSeconds: 500 })
const open = [listener(80, [11])]

/** For each verdict something that leads to it: it must be complete, or it is no map of all verdicts. */
const seen: Readonly<Record<Verdict['_tag'], Observation>> = {
  stopped: observation([]),
  starting: observation([web(11, 5), queue]),
  running: observation([web(11, 500), queue], open),
  degraded: observation([web(11, 500)], open),
  hung: observation([web(11, 500), queue]),
  duplicate: observation([web(11, 500), web(13, 500), queue], open),
  foreign: observation([web(11, 500), queue, process(19, ['nginx'])], [listener(80, [19])]),
  unknown: observation([web(11, 500), queue], [listener(80, null)]),
}

const words: Readonly<Partial<Record<Action['_tag'], string>>> = {
  Start: 'start',
  Stop: 'stop',
  Wait: 'wait',
  None: 'nothing',
  Refuse: 'refuse',
}

describe('the page of concepts', test => {
  const rows = [...readPage('concepts.md').text.matchAll(/^\| `(\w+)` \| .* \| (\w+).*? \| (\w+).* \|$/gm)]
  const table = new Map(rows.map(([, verdict = '', running, stopped]) => [verdict, [running, stopped]]))

  test('says of each verdict, and of no other, what is done about it', () => {
    const doneAbout = (look: Observation): readonly string[] =>
      (['running', 'stopped'] satisfies DesiredState[]).map(
        state => words[decideAction(km, { state, startedAfterMs: null }, judge(km, look))._tag] ?? 'something else',
      )
    for (const [verdict, look] of Object.entries(seen)) assert.is(judge(km, look)._tag, verdict)
    const done = Object.entries(seen).map(([verdict, look]) => [verdict, doneAbout(look)] as const)
    assert.equal(Object.fromEntries(table), Object.fromEntries(done))
  })
})
