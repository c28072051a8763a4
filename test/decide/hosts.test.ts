import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { hostsMatching } from '../../lib/decide/hosts.js'
import { parsePattern } from '../../lib/read/pattern.js'
import { describe } from '../helpers/test.js'
import { complaintOf, complaints, inventoryOf, right } from '../helpers/written.js'

const inventory = inventoryOf(`
all: { hosts: { z9: } }
web: { hosts: { web2: , web1: } }
eu: { hosts: { web1: , db1: } }
old: { hosts: { db1: } }
near: { children: { eu: } }`)

describe('the hosts of a pattern', test => {
  test('are those of a host, of a group and of the groups below it', () => {
    assert.equal(named('web1'), ['web1'])
    assert.equal(named('web'), ['web2', 'web1'])
    assert.equal(named('near'), ['web1', 'db1'])
    assert.equal(named('all'), ['z9', 'web2', 'web1', 'db1'])
  })

  test('are joined, then cut, then some are taken away, in whatever order that is written', () => {
    assert.equal(named('web:old'), ['web2', 'web1', 'db1'])
    assert.equal(named('web:&eu'), ['web1'])
    assert.equal(named('eu:!old'), ['web1'])
    for (const pattern of ['web:old:&eu:!web1', '!web1:&eu:old:web', '&eu:web:!web1:old'])
      assert.equal(named(pattern), ['db1'])
  })

  test('are taken from all where nothing is joined', () => {
    assert.equal(named('!web'), ['z9', 'db1'])
    assert.equal(named('&web'), ['web2', 'web1'])
    assert.equal(named('&web:!web1'), ['web2'])
  })

  test('are cut with each of several', () => assert.equal(named('all:&web:&eu'), ['web1']))

  test('match * and ? in their own names and in those of groups', () => {
    assert.equal(named('web*'), ['web2', 'web1'])
    assert.equal(named('???1'), ['web1'])
    assert.equal(named('?b1'), ['db1'])
    assert.equal(named('o*'), ['db1'])
    assert.equal(named('*'), ['z9', 'web2', 'web1', 'db1'])
    assert.equal(named('*:!*1'), ['z9', 'web2'])
  })

  test('match no other sign of a regular expression', () => {
    const dots = inventoryOf('all: { hosts: { a.b: , axb: } }')
    assert.equal(right(hostsMatching(pattern('a.b*'), dots)), ['a.b'])
  })

  test('are in the order of its terms, then of the inventory', () => {
    assert.equal(named('eu:web'), ['web1', 'db1', 'web2'])
    assert.equal(named('web:eu'), ['web2', 'web1', 'db1'])
  })

  test('are picked by number, and a number that is too high is a mistake', () => {
    assert.equal(named('web[0]:eu[1:]'), ['web2', 'db1'])
    assert.is(
      complaintOf(hostsMatching(pattern('web[2]'), inventory)),
      '"web" has no host [2]: it has 2, from [0] to [1]',
    )
  })

  test('may be none for a glob, and not for a name', () => {
    assert.equal(named('nothing*'), [])
    assert.match(complaintOf(hostsMatching(pattern('web:wbe'), inventory)), 'no host or group is called "wbe"')
    assert.is(complaints(hostsMatching(pattern('one:&two:!three'), inventory)).length, 3)
  })

  test('are the same, each once, in whatever order its terms are written', () => {
    const terms = fc.constantFrom(
      'web',
      'eu',
      'old',
      'near',
      'all',
      'web1',
      'db1',
      'z9',
      'w*',
      '&web',
      '&near',
      '!old',
      '!web1',
    )
    fc.assert(
      fc.property(fc.array(terms, { minLength: 1, maxLength: 5 }), some => {
        const hosts = named(some.join(':'))
        assert.is(new Set(hosts).size, hosts.length)
        assert.equal([...named([...some, ...some].reverse().join(','))].sort(), [...hosts].sort())
      }),
    )
  })
})

const pattern = (text: string) => {
  const parsed = parsePattern(text, null)
  if (parsed === null) throw new Error(`${text} is no pattern`)
  return parsed
}
const named = (text: string): readonly string[] => right(hostsMatching(pattern(text), inventory))
