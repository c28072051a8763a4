import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import { decode } from '../../lib/read/codec.js'
import { hostPattern, parsePattern, readPattern } from '../../lib/read/pattern.js'
import { parseYaml } from '../../lib/read/yaml.js'
import { describe } from '../helpers/test.js'
import { complaintOf, right } from '../helpers/written.js'

describe('a host pattern', test => {
  test('joins, cuts and takes away', () => {
    assert.equal(terms('web:&eu:!old'), ['union web', 'intersection eu', 'exclusion old'])
  })

  test('parts its terms with commas as with colons, whatever the spaces', () => {
    assert.equal(terms('a, b:c ,!d'), ['union a', 'union b', 'union c', 'exclusion d'])
  })

  test('leaves an IPv6 address whole, and parts at commas then', () => {
    assert.equal(terms('fe80::1%eth0,web'), ['union fe80::1%eth0', 'union web'])
  })

  test('has no empty terms', () => {
    for (const text of ['', ' ', 'a:', ':a', 'a,,b', '!', '&', 'a:!']) assert.is(parsePattern(text, null), null, text)
  })

  test('leaves what stands in brackets whole', () => {
    assert.equal(terms('web[0:2]:&db[a-c]*'), ['union web', 'intersection db[a-c]*'])
    assert.equal(parsePattern('web[0:2]', null)?.terms[0]?.slice, { from: 0, to: 2 })
    assert.equal(parsePattern('web[-1]', null)?.terms[0]?.slice, { from: -1, to: null })
    assert.equal(parsePattern('web[1:]', null)?.terms[0]?.slice, { from: 1, to: 'end' })
  })

  test('is refused with what is wrong with each of its terms', () => {
    const read = readPattern('web[0,~(,db[1:x],!', null)
    const reasons = E.isLeft(read) ? read.left.map(({ reason }) => reason) : []
    assert.is(reasons.length, 4)
    for (const [i, part] of ['counterpart', "RE2's syntax", 'web[-1]', 'empty term'].entries()) {
      assert.match(reasons[i] ?? '', part)
    }
  })

  test('may be a list, which means what it means with commas between', () => {
    const listed = right(decode(hostPattern, right(parseYaml('f', '["web:&eu", "!old", db]'))))
    const places = listed.terms.map(({ at }) => at?.column)
    assert.equal(
      listed.terms.map(({ at: _, ...term }) => term),
      parsePattern('web:&eu,!old,db', null)?.terms.map(({ at: _, ...term }) => term),
    )
    assert.equal(places, [3, 7, 14, 21])
  })

  test('is text in a file, or a list of it, and nothing else', () => {
    const refused = ['{a: b}', '~', '""']
    for (const written of refused) {
      assert.match(complaintOf(decode(hostPattern, right(parseYaml('f', written)))), 'f:1:1: expected a host pattern')
    }
    assert.is(right(decode(hostPattern, right(parseYaml('f', '10')))).text, '10')
  })
})

const terms = (text: string) => parsePattern(text, null)?.terms.map(({ kind, glob }) => `${kind} ${glob}`)
