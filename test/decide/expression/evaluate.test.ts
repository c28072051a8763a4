import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import { scopeOf } from '../../../lib/decide/expression/scope.js'
import { renderPartly, renderRest, valueOfTemplate } from '../../../lib/decide/variables.js'
import { shellWord } from '../../../lib/model/shell.js'
import { decode } from '../../../lib/read/codec.js'
import { command, parseTemplate } from '../../../lib/read/template.js'
import { describe } from '../../helpers/test.js'
import { complaintOf, inventoryOf, right } from '../../helpers/written.js'

describe('an expression', test => {
  test('that stands alone keeps what it is worth; beside text it becomes text', () => {
    const at = scopeWith('n: 7, list: [1], same: "{{ n }}", sum: "{{ same + 1 }}", all: "{{ list }}", "on": true')
    assert.equal(worth('{{ sum }}', at), 8)
    assert.equal(worth('{{ all }}', at), [1])
    assert.equal(worth('{{ sum }}{{ on }}', at), '8true')
  })

  test('that has no value says where, and what was most likely meant', () => {
    for (const [text, complaint] of [
      ['x {{ nmae }}', 'f:3:9: the variable "nmae" is not defined for h; did you mean "name"?'],
      ['{{ user.prot }}', 'f:3:12: unknown key of user "prot"; did you mean "port"?; known are port, tags'],
      ['{{ user.tags[3] }}', 'f:3:17: user.tags holds 2, and none at 3'],
      ['{{ name.port }}', 'f:3:12: name is text, which has no "port"'],
      ['{{ name + 1 }}', 'f:3:7: + cannot be applied to text and a number'],
      ['{{ name | int / 0 }}', 'f:3:7: nothing can be divided by 0'],
      [
        "{{ name | regex_replace('(') }}",
        "f:3:7: this is no regular expression in RE2's syntax: missing closing ): `(`",
      ],
      ["{{ name | regex_replace('(?=a)') }}", "f:3:7: this is no regular expression in RE2's syntax: invalid"],
      ["{{ name | regex_replace('a', '\\\\2') }}", 'f:3:7: the pattern has no group 2'],
      ["{{ user.tags | map('uper') }}", 'f:3:7: unknown filter "uper"; did you mean "upper"?'],
      ["{{ user.tags | select('defind') }}", 'f:3:7: unknown test "defind"; did you mean "defined"?'],
      ['{{ name | round(precison=1) }}', 'f:3:7: unknown name of an argument "precison"; did you mean "precision"?'],
      ["{{ name | replace('a') }}", 'f:3:7: new has to be given in brackets'],
      ["{{ name | upper('a') }}", 'f:3:7: too much is given in brackets; it takes nothing'],
      ['{{ "a" if name == "b" }}', 'f:3:7: this has no value where its "if" does not hold; give it an else'],
      ['{{ name | bool }}', 'f:3:7: this is neither yes, on, true, 1 nor no, off, false, 0'],
      ['{{ user }} x', 'f:3:7: expected text or a number in user, found a map on h'],
    ] as const)
      assert.ok(fault(text).startsWith(complaint), `${text}: ${fault(text)}`)
  })

  test('reaches nothing but what was written', () => {
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype', 'length']) {
      for (const of of ['user', 'name', 'user.tags', 'user.port']) {
        for (const text of [
          `{{ ${of}.${name} }}`,
          `{{ ${of}['${name}'] }}`,
          `{{ [${of}] | map(attribute='${name}') }}`,
        ]) {
          assert.is.not(fault(text), 'none', text)
        }
      }
      assert.match(fault(`{{ ${name} }}`), 'is not defined')
      assert.is(worth(`{{ user.${name} is defined }}`), false)
      assert.is(worth(`{{ user['${name}'] | default('none') }}`), 'none')
    }
  })

  test('may name a key like what every object has, where it was written', () => {
    assert.is(worth('{{ m.__proto__ ~ m.constructor }}', scopeWith('m: { __proto__: 1, constructor: 2 }')), '12')
  })

  test('of anything at all is worth something or is refused, and never throws', () => {
    const word = fc.constantFrom(
      ...'name user user.tags n 1 2.5 true none "a" \'b\' + - * / // % ** ~ == < in not and or if else is ( ) [ ] { } , : . | upper join map default("x") sort first int defined odd'.split(
        ' ',
      ),
    )
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), words => {
        const text = `{{ ${words.join(' ')} }}`
        const template = parseTemplate(text, { at })
        if (E.isRight(template)) valueOfTemplate(template.right, names)
      }),
      { numRuns: 5000 },
    )
  })
})

describe('a bomb in an expression', test => {
  const bombs: Readonly<Record<string, string>> = {
    text: "{{ 'x' * 999999999 }}",
    'text of a list': "{{ (['x' * 100000] * 100000) | join('y' * 100000) }}",
    separators: "{{ ([''] * 100000) | join('y' * 100000) }}",
    replacements: "{{ ('x' * 100000) | replace('', 'y' * 100000) }}",
    patterns: "{{ ('x' * 100000) | regex_replace('x', 'y' * 100000) }}",
    'mapped texts': "{{ ('x' * 100000) | list | map('replace', 'x', 'y' * 100000) | list }}",
    power: '{{ 9 ** 9 ** 9 ** 9 }}',
    'deep brackets': `{{ ${'('.repeat(200)}1${')'.repeat(200)} }}`,
    'many minus': `{{ ${'-'.repeat(200)}1 }}`,
    'long sum': `{{ ${Array(5000).fill('1').join(' + ')} }}`,
    'test in itself': "{{ ([1] * 100000) | select('in', [2] * 100000) | list }}",
    'sum of lists': '{{ ([[1]] * 100000) | sum(start=[]) }}',
  }
  for (const [name, text] of Object.entries(bombs)) {
    test(`is refused before it goes off: ${name}`, () => {
      const began = process.cpuUsage()
      assert.is.not(fault(text), 'none')
      assert.ok(process.cpuUsage(began).user < 500_000)
    })
  }

  test('is refused while it is read where it has too many words, or brackets in brackets', () => {
    assert.match(fault(`{{ ${Array(600).fill('1').join(' + ')} }}`), 'an expression has more than 1000 words')
    assert.match(fault(`{{ ${'['.repeat(60)}${']'.repeat(60)} }}`), 'an expression is nested more than 50 deep')
  })

  test('is refused where lists hold each other many times, however they are looked at', () => {
    const chain = Array.from({ length: 60 }, (_, i) => `v${i + 1}: ["{{ v${i} }}", "{{ v${i} }}"]`).join(', ')
    assert.match(fault('{{ v60 | to_json }}', scopeWith(`v0: [1], ${chain}`)), 'a value of more than 131072 items')
    const deep = Array.from({ length: 300 }, (_, i) => `v${i + 1}: ["{{ v${i} }}"]`).join(', ')
    const inOrder = `{{ [${Array.from({ length: 300 }, (_, i) => `v${i}`).join(', ')}] }}`
    assert.match(fault(inOrder, scopeWith(`v0: [1], ${deep}`)), 'nested more than 200 deep')
  })
})

describe('an expression in a command', test => {
  test('becomes one shell word, whatever it is made of, and quote adds nothing to that', () => {
    const at = scopeWith(`evil: "a'; rm -rf $(x) #", dir: /srv`)
    for (const [text, shell] of [
      ['{{ evil | upper }}', `'A'\\''; RM -RF $(X) #'`],
      ['{{ evil | quote }}', `'a'\\''; rm -rf $(x) #'`],
      ["x{{ dir ~ ' ' ~ 1 }}", "x'/srv 1'"],
      ["{{ '' }}", "''"],
    ] as const) {
      const read = right(decode(command, { _tag: 'scalar', value: text, text, at: { file: 'f', line: 1, column: 1 } }))
      assert.is(renderRest(right(renderPartly(read, at, [], shellWord)), new Map(), shellWord), shell)
    }
  })

  test('takes what a line of the host says as it is, and works on it with nothing', () => {
    const template = right(parseTemplate('x {{ word }}', { at }))
    const partly = right(renderPartly(template, names, ['word'], shellWord))
    for (const word of ['{{ name }}', '{{ 1 + 1 }}', '{% if x %}', '$(id)']) {
      assert.is(renderRest(partly, new Map([['word', word]]), shellWord), `x ${shellWord(word)}`)
    }
    const refused = right(parseTemplate('{{ word | upper }}', { at, textAt: at }))
    assert.is(
      complaintOf(renderPartly(refused, names, ['word'], shellWord)),
      'f:3:7: "word" is read on the host: it can stand between {{ and }} only alone',
    )
  })
})

const at = { file: 'f', line: 3, column: 4 }

const scopeWith = (variables: string) => {
  const [host] = inventoryOf(`all: { hosts: { h: { ${variables} } } }`).hosts.values()
  if (host === undefined) throw new Error('there is no host')
  return scopeOf(host)
}

const names = scopeWith('name: ada, n: 7, user: { port: 80, tags: [a, b] }')

const outcome = (text: string, scope: typeof names) => {
  const template = parseTemplate(text, { at, textAt: at })
  return E.isLeft(template) ? template : valueOfTemplate(template.right, scope)
}
const worth = (text: string, scope = names) => right(outcome(text, scope))
const fault = (text: string, scope = names) => complaintOf(outcome(text, scope))
