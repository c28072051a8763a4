import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import { withHooksDue } from '../../lib/decide/hooks.js'
import { planPlaybook } from '../../lib/decide/plan.js'
import type { AfterMoment, Hook } from '../../lib/model/catalog.js'
import { stepId } from '../../lib/model/plan.js'
import type { DesiredState, ExpandedPlay } from '../../lib/model/playbook.js'
import { describe } from '../helpers/test.js'
import { observation, service } from './builders.js'

const hook: Hook<string> = { command: 'true', on: 'host', unless: null, withinMs: 1_000 }
const km = service('km', 'h1', {
  hooks: { beforeStart: [hook], afterStart: [hook], beforeStop: [hook], afterStop: [hook] },
})

const play = (state: DesiredState): ExpandedPlay => ({
  name: state,
  desired: [{ service: km, state, startedAfterMs: null, hooksDue: [] }],
  prerequisites: [],
})

/** What is planned for it in each play, where nothing of it is there. */
const planned = (due: AfterMoment, ...states: readonly DesiredState[]): readonly string[] => {
  const expansion = { plays: states.map(play), routes: new Map(), lookAs: new Map() }
  const { plays } = withHooksDue(expansion, new Map([[stepId(km), [due]]]))
  const looks = new Map([[km.host, E.right(observation([]))]])
  return planPlaybook(plays, looks).plays.flatMap(({ steps }) =>
    steps.map(({ action, hooks }) => [action._tag, ...hooks.map(({ moment }) => moment)].join(' ')),
  )
}

describe('hooks that an earlier run left undone', test => {
  test('are planned before a start that is still to be made', () =>
    assert.equal(planned('afterStop', 'running'), ['Start afterStop beforeStart afterStart']))

  test('are planned once, in the first play that has to do with their service', () =>
    assert.equal(planned('afterStop', 'stopped', 'running'), ['Finish afterStop', 'Start beforeStart afterStart']))
})
