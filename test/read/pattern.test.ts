import * as assert from 'uvu/assert'
import { decode } from '../../lib/read/codec.js'
import { hostPattern, parsePattern } from '../../lib/read/pattern.js'
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

  test('is text in a file, and nothing else', () => {
    const refused = ['[a, b]', '{a: b}', '~', '""']
    for (const written of refused) {
      assert.match(complaintOf(decode(hostPattern, right(parseYaml('f', written)))), 'f:1:1: expected a host pattern')
    }
    assert.is(right(decode(hostPattern, right(parseYaml('f', '10')))).text, '10')
  })
})

const terms = (text: string) => parsePattern(text, null)?.terms.map(({ kind, glob }) => `${kind} ${glob}`)
