import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { type Codec, decode } from '../../lib/read/codec.js'
import { command, parseTemplate, template } from '../../lib/read/template.js'
import { parseYaml } from '../../lib/read/yaml.js'
import { describe } from '../helpers/test.js'
import { complaintOf, complaints, right } from '../helpers/written.js'

describe('a template', test => {
  test('is text around variables', () => {
    assert.equal(partsOf('{{ dir }}/bin/{{name}} start'), [
      { variable: 'dir' },
      '/bin/',
      { variable: 'name' },
      ' start',
    ])
    assert.equal(partsOf('plain'), ['plain'])
    assert.equal(partsOf(''), [])
  })

  test('holds everything that is written, in its order', () => {
    const piece = fc.oneof(fc.stringMatching(/^[a-z }$%]{1,5}$/), fc.stringMatching(/^\{\{[a-z_]{1,5}\}\}$/))
    fc.assert(
      fc.property(fc.array(piece), pieces => {
        const parts = partsOf(pieces.join(''))
        const again = parts.map(part => (typeof part === 'string' ? part : `{{${part.variable}}}`))
        assert.is(again.join(''), pieces.join(''))
      }),
    )
  })

  test('may be a number or true, as it was written', () => {
    assert.equal(right(read(template, '0080')).parts, ['0080'])
    assert.equal(right(read(template, 'true')).parts, ['true'])
    assert.equal(complaints(read(template, '[a]')), ['f:1:1: expected text or a number, found a list'])
    assert.equal(complaints(read(template, '~')), ['f:1:1: expected text or a number, found nothing'])
  })

  test('has nothing but a name between its braces', () => {
    const refused = ['{{ }}', '{{ a.b }}', '{{ a | upper }}', '{{ 1a }}', '{{ a b }}', "{{ lookup('x') }}", '{{{ a }}}']
    for (const text of refused) assert.match(complaintOf(parseTemplate(text, at)), 'only the name of a variable')
  })

  test('closes what it opens', () => {
    assert.match(complaintOf(parseTemplate('a {{ b', at)), 'a {{ has no }} after it')
    assert.match(complaintOf(parseTemplate('{{ a }} {{ b }', at)), 'a {{ has no }} after it')
  })
})

describe('a command', test => {
  test('refuses a variable inside quotes of its own', () => {
    const refused = [
      '"{{ a }}"',
      "'{{ a }}'",
      'x "y {{ a }} z"',
      `"it's {{ a }}"`,
      '"\\"{{ a }}"',
      'x \'\\\' "{{ a }}"',
    ]
    for (const text of refused) assert.match(complaintOf(readCommand(text)), 'write {{ a }} outside the quotes', text)
  })

  test('takes one outside them', () => {
    const taken = [
      '{{ a }}',
      '"x" {{ a }} "y"',
      "'x'{{ a }}'y'",
      '\\"{{ a }}\\"',
      '"\\""{{ a }}',
      `"it's" {{ a }}`,
      "'\\' {{ a }}",
    ]
    for (const text of taken) assert.equal(complaints(readCommand(text)), [], text)
  })
})

const at = { file: 'f', line: 1, column: 1 }
const partsOf = (text: string) => right(parseTemplate(text, at)).parts
const read = <A>(codec: Codec<A>, written: string) => decode(codec, right(parseYaml('f', written)))
const readCommand = (text: string) => decode(command, { _tag: 'scalar', value: text, text, at })
