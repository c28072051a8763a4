import * as assert from 'uvu/assert'
import { judge } from '../../lib/decide/judge.js'
import { sameCopies } from '../../lib/decide/verify.js'
import type { Process } from '../../lib/model/observation.js'
import { describe } from '../helpers/test.js'
import { daemon, observation, process, service } from './builders.js'

const app = service('app', 'h1', { processes: [daemon('main', ['-Dbase=app'])] })
const seen = (...processes: readonly Process[]) => judge(app, observation(processes))
const java = (pid: number, startTicks: number | null, more = 'Main') =>
  process(pid, ['java', '-Dbase=app', more], { startTicks })

describe('copies that were seen twice', test => {
  test('are the same by pid and start time', () => {
    assert.ok(sameCopies(seen(java(7, 100)), seen(java(7, 100))))
    assert.not(sameCopies(seen(java(7, 100)), seen(java(8, 100))))
    assert.not(sameCopies(seen(java(7, 100)), seen(java(7, 101))))
    assert.not(sameCopies(seen(java(7, 100)), seen()))
    assert.not(sameCopies(seen(java(7, 100)), seen(java(7, 100), java(8, 100))))
  })

  test('are the same by their arguments where one came while it was looked, so that its start time was not seen', () => {
    assert.ok(sameCopies(seen(java(7, null)), seen(java(7, 100))))
    assert.ok(sameCopies(seen(java(7, 100)), seen(java(7, null))))
    assert.not(sameCopies(seen(java(7, null)), seen(java(7, 100, 'Other'))))
  })
})
