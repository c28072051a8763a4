import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { ServiceName } from '../../lib/model/names.js'
import {
  type Codec,
  decode,
  field,
  filled,
  list,
  mapOf,
  name,
  oneOf,
  oneOrMore,
  sealed,
  text,
} from '../../lib/read/codec.js'
import { parseYaml } from '../../lib/read/yaml.js'
import { describe } from '../helpers/test.js'
import { complaints, inventoryResult, playbookResult, right } from '../helpers/written.js'

const person = sealed(
  'a person',
  { name: field('what they are called', text), likes: field('what they like', list(text)) },
  { mood: field('how they are', oneOf('mood', ['merry', 'sad'])) },
)

describe('a codec', test => {
  test('reads a map of the keys it knows', () => {
    const { value, at } = right(read(person, '\n{ name: ada, likes: [tea], mood: sad }'))
    assert.equal([value.name.value, value.likes.map(like => like.value), value.mood], ['ada', ['tea'], 'sad'])
    assert.equal(at, { file: 'f', line: 2, column: 1 })
  })

  test('reports all mistakes at once, each at its place', () => {
    assert.equal(complaintsOf(person, 'nmae: ada\nlikes: [tea, 5, [coffee]]\nmood: merri'), [
      'f:1:1: unknown key "nmae"; did you mean "name"?; known are name, likes, mood',
      'f:1:1: a person needs the key "name"',
      'f:2:14: expected text, found a number',
      'f:2:17: expected text, found a list',
      'f:3:7: unknown mood "merri"; did you mean "merry"?; known are merry, sad',
    ])
  })

  test('takes the names of what every JavaScript object has for unknown keys', () => {
    const keys = ['__proto__', 'constructor', 'hasOwnProperty', 'valueOf']
    const lines = complaintsOf(person, ['name: a', 'likes: []', ...keys.map(key => `${key}: {}`)].join('\n'))
    assert.equal(
      lines.map(line => /unknown key "(\w+)"/.exec(line)?.[1]),
      keys,
    )
  })

  test('takes a key with nothing behind it for an empty map', () => {
    assert.equal(complaintsOf(sealed('a box', {}, { lid: field('its lid', text) }), '~'), [])
    assert.equal(right(read(mapOf(ServiceName, text, 'a map'), '~')), [])
  })

  test('tells a list from an empty one where it has to hold something', () => {
    assert.equal(complaintsOf(filled(list(text)), '[]'), ['f:1:1: expected a list of text, found an empty one'])
    assert.equal(complaintsOf(filled(list(text)), '[a]'), [])
  })

  test('reports a wrong key and what is wrong behind it', () => {
    const lines = complaintsOf(mapOf(ServiceName, text, 'a map'), '{ a b: 1 }')
    assert.match(lines[0] ?? '', /^f:1:3: expected a service name .*, found "a b"$/)
    assert.is(lines[1], 'f:1:8: expected text, found a number')
  })

  test('takes one for a list of one', () => {
    const many = oneOrMore(text)
    assert.equal(
      ['a', '[a]'].map(written => right(read(many, written)).map(({ value }) => value)),
      [['a'], ['a']],
    )
    assert.equal(complaintsOf(many, '[a, 1, 2]').length, 2)
  })

  test('lets a name look like a number and a text not', () => {
    assert.is(right(read(name(ServiceName), '2013')).value, '2013')
    assert.equal(complaintsOf(text, '2013'), ['f:1:1: expected text, found a number'])
    assert.equal(complaintsOf(text, '"2013"'), [])
  })

  test('says of a wrong value what it is and never what it holds', () => {
    for (const [written, kind] of kinds) {
      assert.equal(complaintsOf(oneOf('mood', ['sad']), written), [`f:1:1: expected sad, found ${kind}`])
    }
  })

  test('never prints what an inventory holds, however it is miswritten', () => {
    const openings = fc.constantFrom(
      '',
      '*',
      '!',
      '&',
      '@',
      '%',
      '`',
      '|',
      '>',
      '"',
      "'",
      '[',
      '{',
      '{{',
      '- ',
      '? ',
      'a: ',
    )
    fc.assert(
      fc.property(openings, openings, fc.stringMatching(/^[a-z0-9]{12}$/), (first, second, secret) => {
        const value = `${first}${second}${secret}`
        const inventory = `all:\n  vars:\n    password: ${value}\n  hosts:\n    h: { token: ${value} }\n  bad: ${value}\n`
        const playbook = { 'play.yml': `- name: ${value}\n  hosts: []\n` }
        const lines = [...complaints(inventoryResult(inventory)), ...complaints(playbookResult(playbook))]
        assert.not.match(lines.join('\n').replaceAll(`{{ ${secret} }}`, ''), secret)
      }),
      { numRuns: 2000 },
    )
  })
})

const kinds = [
  ['5', 'a number'],
  ['1.5', 'a number'],
  ['true', 'true or false'],
  ['~', 'nothing'],
  ['[secret]', 'a list'],
  ['{secret: 1}', 'a map'],
] as const

const read = <A>(codec: Codec<A>, written: string) => decode(codec, right(parseYaml('f', written)))
const complaintsOf = <A>(codec: Codec<A>, written: string) => complaints(read(codec, written))
