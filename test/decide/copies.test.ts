import * as assert from 'uvu/assert'
import { copiesOf } from '../../lib/decide/copies.js'
import { describe } from '../helpers/test.js'
import { listener, process } from './builders.js'

const families = (...args: Parameters<typeof copiesOf>): readonly string[] =>
  copiesOf(...args).map(copy => copy.map(({ pid }) => pid).join('+'))

describe('copies', test => {
  const daemon = (pid: number, ppid: number) => process(pid, ['httpd'], { ppid })

  test('are one for a parent and all below it', () =>
    assert.equal(families([daemon(9, 8), daemon(7, 1), daemon(8, 7)], []), ['7+9+8']))

  test('are one for orphans that hold one socket together, as they have inherited it', () => {
    const orphans = [daemon(7, 1), daemon(8, 1), daemon(9, 1)]
    assert.equal(families(orphans, [listener(80, [8, 7]), listener(443, [9, 8])]), ['7+8+9'])
  })

  test('are several for processes that hold sockets of their own, or none', () => {
    assert.equal(families([daemon(7, 1), daemon(8, 1)], [listener(80, [7]), listener(80, [8])]), ['7', '8'])
    assert.equal(families([daemon(7, 1), daemon(8, 1)], [listener(80, null)]), ['7', '8'])
  })

  test('are several where a socket that they hold together is held by somebody else too, who has passed it on', () => {
    const pair = [daemon(7, 1), daemon(8, 1)]
    assert.equal(families(pair, [listener(8080, [7, 8, 99])]), ['7', '8'])
    assert.equal(families(pair, [listener(8080, [7, 8, 99]), listener(80, [7, 8])]), ['7+8'])
  })

  test('end for parents that go round in a circle', () =>
    assert.is(families([daemon(7, 8), daemon(8, 7)], []).length > 0, true))
})
