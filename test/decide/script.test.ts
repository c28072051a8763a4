import * as assert from 'uvu/assert'
import { decideAction } from '../../lib/decide/action.js'
import { judge } from '../../lib/decide/judge.js'
import type { HostText } from '../../lib/model/observation.js'
import type { Launch } from '../../lib/model/plan.js'
import { describe } from '../helpers/test.js'
import { observation, process, service } from './builders.js'

const script = '/etc/init.d/km'
const km = service('km', 'h1', { scripts: [script] })

const launches = (state: 'running' | 'stopped', active: string, sub: string): readonly Launch[] => {
  const running = state === 'stopped' ? [process(7, ['java', '-Dbase=km'])] : []
  const units = new Map([[script, { name: 'km.service', active: active as HostText, sub: sub as HostText }]])
  const seen = observation(running, [], { scripts: new Map([[script, 'executable']]), units })
  const action = decideAction(km, { state, startedAfterMs: null }, judge(km, seen))
  return action._tag === 'Start' || action._tag === 'Stop' ? action.launches : []
}

describe('an init script that systemd stands before', test => {
  test('is started by a restart of its unit, where systemd takes what has died for active', () =>
    assert.equal(launches('running', 'active', 'exited'), [
      {
        what: 'unit km.service',
        command: 'systemctl restart km.service',
        because: 'systemd takes it for active (exited)',
      },
    ]))

  test('is called as ever in every other state of its unit', () => {
    const plain = [{ what: 'script', command: '/etc/init.d/km start' }]
    for (const [active, sub] of [
      ['inactive', 'dead'],
      ['failed', 'failed'],
      ['active', 'running'],
    ] as const)
      assert.equal(launches('running', active, sub), plain, active)
  })

  test('is stopped past systemd where that takes what runs for stopped', () => {
    const past = '_SYSTEMCTL_SKIP_REDIRECT=1 SYSTEMCTL_SKIP_REDIRECT=1 /etc/init.d/km stop'
    const commands = (active: string, sub: string) => launches('stopped', active, sub).map(({ command }) => command)
    assert.equal(commands('inactive', 'dead'), [past])
    assert.equal(commands('failed', 'failed'), [past])
    assert.equal(commands('active', 'exited'), ['/etc/init.d/km stop'])
    assert.equal(commands('active', 'running'), ['/etc/init.d/km stop'])
  })

  test('is waited for while its unit is being restarted', () => {
    const restart = process(8, ['systemctl', 'restart', 'km.service'], { ageSeconds: 1 })
    assert.is(judge(km, observation([restart]))._tag, 'starting')
  })
})
