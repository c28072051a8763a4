import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import { decideAction } from '../../lib/decide/action.js'
import { judge } from '../../lib/decide/judge.js'
import { planPlay } from '../../lib/decide/plan.js'
import { undeclaredIn } from '../../lib/decide/undeclared.js'
import type { Instance } from '../../lib/model/catalog.js'
import type { HostName } from '../../lib/model/names.js'
import type { HostText, Seen } from '../../lib/model/observation.js'
import type { DesiredState } from '../../lib/model/playbook.js'
import { verdictInWords } from '../../lib/model/words.js'
import { describe } from '../helpers/test.js'
import { daemon, observation, pollers, process, service } from './builders.js'

const undeclared = (...args: readonly string[]): Instance | undefined => {
  const [found] = undeclaredIn(pollers(), [], [process(7, ['/monitor/bin/poll', ...args])], observation([]))
  return found?.instance
}

const poll = (pid: number, name: string) => process(pid, ['/monitor/bin/poll', name, '1'])
const mon = service('mon', 'h1', { processes: [pollers('/a.cfg')] })
const monB = service('monB', 'h1', { processes: [pollers('/b.cfg')] })
const file = (line: string): Seen<readonly HostText[]> => ({ _tag: 'Seen', by: 'cat', value: [line as HostText] })
const files = new Map([
  ['/a.cfg', file('Dns 1')],
  ['/b.cfg', file('Ssl 1')],
])
const seen = observation([poll(7, 'Dns'), poll(8, 'Ssl')], [], {
  files,
  scripts: new Map([['/init/mon', 'executable']]),
})

describe('an instance that no line declares', test => {
  test('has the commands of its process, filled in with its own words', () =>
    assert.is(undeclared('Old', '1')?.start, '/monitor/bin/poll start Old 1'))

  test('has no command where one of its words would be refused in the file', () => {
    for (const word of ['--config=/tmp/evil', '../../etc/shadow', '/tmp/evil', 'a/../b'])
      assert.equal([undeclared(word, '1')?.label, undeclared(word, '1')?.start], [`${word} 1`, null])
  })

  test("is none where it is another service's of the host", () => {
    assert.is(verdictInWords(judge(mon, seen, [mon, monB])), 'running: poll pid 7')
    assert.is(verdictInWords(judge(monB, seen, [mon, monB])), 'running: poll pid 8')
    const elsewhere = { ...monB, host: 'h2' as HostName }
    assert.match(verdictInWords(judge(mon, seen, [elsewhere])), 'poll Ssl 1 runs and is not declared: pid 8')
    const desired = [mon, monB].map(service => ({
      service,
      state: 'running' as DesiredState,
      startedAfterMs: null,
      hooksDue: [],
    }))
    const { steps } = planPlay({ name: 'play', desired, prerequisites: [] }, new Map([[mon.host, E.right(seen)]]))
    assert.equal(
      steps.map(({ action }) => action._tag),
      ['None', 'None'],
    )
  })

  test('is neither waited for nor signalled by a stop, as it may be anybody, and is named once the rest is gone', () => {
    const stop = (what = seen) => decideAction(mon, { state: 'stopped', startedAfterMs: null }, judge(mon, what))
    const action = stop()
    assert.equal(action._tag === 'Stop' ? action.watch.map(({ process }) => process.pid) : [], [7])
    const rest = stop({ ...seen, processes: { _tag: 'Seen', by: 'ps', value: [poll(8, 'Ssl')] } })
    assert.equal(rest._tag === 'Refuse' ? rest.why : rest, 'poll Ssl 1 runs and is not declared: pid 8')
  })

  test("makes no lookalike of another service's process", () => {
    const of = (name: string, user: string) =>
      service(name, 'h1', { processes: [daemon('main', ['/bin/x'], { user })] })
    const [one, two] = [of('one', '1000'), of('two', '1001')]
    const look = observation([process(7, ['/bin/x'], { uid: 1001 })])
    assert.is(judge(one, look)._tag, 'unknown')
    assert.is(judge(one, look, [one, two])._tag, 'stopped')
  })
})
