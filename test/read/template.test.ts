import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { type Codec, decode } from '../../lib/read/codec.js'
import { command, parseTemplate, template } from '../../lib/read/template.js'
import { parseYaml } from '../../lib/read/yaml.js'
import { describe } from '../helpers/test.js'
import { complaintOf, complaints, right } from '../helpers/written.js'

describe('a template', test => {
  test('is text around variables', () => {
    assert.equal(partsOf('{{ dir }}/bin/{{name}} start'), ['{{dir}}', '/bin/', '{{name}}', ' start'])
    assert.equal(partsOf('plain'), ['plain'])
    assert.equal(partsOf(''), [])
  })

  test('holds everything that is written, in its order', () => {
    const piece = fc.oneof(fc.stringMatching(/^[a-z }$%]{1,5}$/), fc.stringMatching(/^\{\{[a-z_]{7,9}\}\}$/))
    fc.assert(
      fc.property(fc.array(piece), pieces => {
        assert.is(partsOf(pieces.join('')).join(''), pieces.join(''))
      }),
    )
  })

  test('may be a number or true, as it was written', () => {
    assert.equal(right(read(template, '0080')).parts, ['0080'])
    assert.equal(right(read(template, 'true')).parts, ['true'])
    assert.equal(complaints(read(template, '[a]')), ['f:1:1: expected text or a number, found a list'])
    assert.equal(complaints(read(template, '~')), ['f:1:1: expected text or a number, found nothing'])
  })

  test('is refused where it is no expression, at the very word', () => {
    const said = (text: string) => complaintOf(parseTemplate(text, { at, textAt: at }))
    for (const [text, complaint] of [
      ['{{ }}', 'f:1:4: there is nothing between {{ and }}'],
      ['{{ 1a }}', 'f:1:5: "a" cannot stand here'],
      ['{{ a b }}', 'f:1:6: "b" cannot stand here'],
      ['{{ a = b }}', 'f:1:6: = sets nothing here; == compares'],
      ["{{ lookup('x') }}", 'f:1:10: nothing can be called here; a value is changed by filters, as in name | upper'],
      ['{{{ a }}}', 'f:1:7: before "}" a : is missing'],
      ['{{ (a }}', 'f:1:7: a , is missing at the end'],
      ['{{ a | uper }}', 'f:1:8: unknown filter "uper"; did you mean "upper"?'],
      ['{{ a is definde }}', 'f:1:9: unknown test "definde"; did you mean "defined"?'],
      ['{{ a | }}', 'f:1:8: here the name of a filter is missing'],
      ['{{ a[] }}', 'f:1:6: nothing stands between [ and ]'],
      ['{{ a. }}', 'f:1:7: after a dot comes a name or a number'],
      ["{{ 'a }}", 'f:1:4: a quote has no second one after it'],
      ['{{ a ? b }}', 'f:1:6: an expression cannot hold ?'],
      ['{{ 010 }}', 'f:1:4: a number cannot begin with 0'],
      ['{{ 1 + }}', 'f:1:8: the expression is not complete'],
      ['x {% if a %}', 'f:1:3: statements ({% … %}) are not understood; an expression can choose: {{ a if b else c }}'],
      ['x {# why #}', 'f:1:3: a comment cannot stand in a value; # begins one in YAML'],
    ] as const)
      assert.ok(said(text).startsWith(complaint), `${text}: ${said(text)}`)
  })

  test("leaves alone what is the shell's", () => {
    for (const text of [`${'$'}{#name}`, "awk '{print}'", '{"a": {"b": 1}}', 'a}}b'])
      assert.equal(partsOf(text), [text])
  })

  test('is taken apart in a time that grows with its length', () => {
    const began = process.cpuUsage()
    for (const piece of ['{#', ' ', '{', '}}', '{% ', '{#}']) parseTemplate(piece.repeat(200_000), { at })
    assert.ok(process.cpuUsage(began).user < 1_000_000)
  })

  test('trims what is beside a minus', () => assert.equal(partsOf('a {{- b -}} c'), ['a', '{{b}}', 'c']))

  test('closes what it opens', () => {
    assert.match(complaintOf(parseTemplate('a {{ b', { at })), 'a {{ has no }} after it')
    assert.match(complaintOf(parseTemplate('{{ a }} {{ b }', { at })), 'a {{ has no }} after it')
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
const partsOf = (text: string) =>
  right(parseTemplate(text, { at })).parts.map(part => (typeof part === 'string' ? part : `{{${part.text}}}`))
const read = <A>(codec: Codec<A>, written: string) => decode(codec, right(parseYaml('f', written)))
const readCommand = (text: string) => decode(command, { _tag: 'scalar', value: text, text, at })
