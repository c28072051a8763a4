import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import type { SourcePos } from '../../lib/model/place.js'
import type { MapEntry, YamlNode } from '../../lib/read/node.js'
import { parseYaml } from '../../lib/read/yaml.js'
import { describe } from '../helpers/test.js'
import { complaints, right } from '../helpers/written.js'

describe('the places of YAML', test => {
  test('a key and a value are where they stand, in blocks and in braces, quoted or plain', () => {
    fc.assert(
      fc.property(trees, fc.boolean(), (tree, flow) => {
        const text = flow ? inFlow(tree) : inBlock(tree, 0)
        assert.equal(standing(text, entriesOf(right(parseYaml('f', text)))), writtenIn(tree), text)
      }),
    )
  })

  test('a value of several lines begins where its first line does', () => {
    assert.is(valuePlace('a: plain\n  and more\n'), '1:4')
    assert.is(valuePlace('\na: "quoted\n  and more"\n'), '2:4')
  })

  test('a block begins at its | or >', () => {
    assert.is(valuePlace('a: | # why\n  text\n'), '1:4')
    assert.is(valuePlace('a: >-\n  text > text\n'), '1:4')
    assert.is(valuePlace('a: |\n'), '1:4')
  })

  test('a value with an anchor begins after it, and its alias has a place of its own', () => {
    assert.is(valuePlace('a: &x 1'), '1:7')
    assert.is(valuePlace('a: &x "1"'), '1:7')
    assert.equal(entriesOf(read('a: &x 1\nb: *x')).map(showValue), ['1:7', '2:4'])
  })

  test('a key behind an anchor or an alias is where it is used', () => {
    assert.equal(entriesOf(read('x: &k name\n&y a: 1\n*k : 2')).map(showKey), ['1:1', '2:4', '3:1'])
  })

  test('a value that is not there is at its key', () => {
    assert.equal(entriesOf(read('a:\nb: {c: }\nd:')).map(showValue), ['1:1', '2:4', '3:1'])
  })

  test('a carriage return belongs to the end of its line', () => {
    assert.equal(entriesOf(read('a: 1\r\nb: 2\r\n')).map(showKey), ['1:1', '2:1'])
  })
})

describe('YAML', test => {
  test('is read or refused, and never throws', () => {
    const letters = fc.constantFrom(...' \n\t\r-:,[]{}&*!|>\'"%@`#?<ab1~.', '\u0000', '\uFEFF', '\uD800', '\u2028')
    fc.assert(
      fc.property(fc.string({ unit: letters, maxLength: 60 }), text => {
        const result = parseYaml('f', text)
        for (const at of E.isLeft(result) ? result.left.map(placeIn) : []) assert.ok(at.line > 0 && at.column > 0, text)
      }),
      { numRuns: 5000 },
    )
  })

  test('tells numbers, true and nothing from text as YAML 1.2 does', () => {
    const values = read("[10, 010, 0x10, 1e3, yes, no, true, null, ~, '10', 12:30]")
    assert.equal(scalarsOf(values), [10, 10, 16, 1000, 'yes', 'no', true, null, null, '10', '12:30'])
  })

  test('keeps what was written beside what it means', () => {
    const [node] = listOf(read('- 0080'))
    assert.is(node?._tag === 'scalar' && node.text, '0080')
  })

  test('reports every duplicate key, with the place of the first', () => {
    assert.equal(complaints(parseYaml('f', '{a: 1, b: {c: 1, "c": 2}, a: 2, a: 3}')), [
      'f:1:18: the key "c" stands twice in this map; the first is at f:1:12',
      'f:1:27: the key "a" stands twice in this map; the first is at f:1:2',
      'f:1:33: the key "a" stands twice in this map; the first is at f:1:2',
    ])
  })

  test('may hold the names of what every JavaScript object has', () => {
    const entries = entriesOf(read('__proto__: {x: 1}\nconstructor: 2\ntoString: 3'))
    assert.equal(
      entries.map(({ key }) => key),
      ['__proto__', 'constructor', 'toString'],
    )
    assert.is((Object.prototype as { x?: unknown }).x, undefined)
  })

  test('is one document, and not an empty one', () => {
    assert.match(complaint('a: 1\n---\nb: 2'), /^f:1:1: .*several documents/)
    for (const text of ['', '\n\n', '# nothing']) assert.match(complaint(text), /^f:1:1: .*it is empty/)
    assert.ok(E.isRight(parseYaml('f', '---\na: 1\n...\n')))
  })

  test('says where a tab stands that may not', () => {
    assert.match(complaint('a:\n\tb: 1'), /^f:2:1: .*a line cannot be indented with tabs/)
  })

  test('shows the way out where {{, * or ! begins a value', () => {
    assert.match(complaint('a: {{ x }}'), /^f:1:5: .*a value that begins with {{ has to stand in quotes/)
    assert.match(complaint('a: *x'), /^f:1:4: .*a value that begins with \* has to stand in quotes/)
    assert.match(complaint('a: !x'), /^f:1:4: .*a value that begins with ! has to stand in quotes/)
  })

  test('shows the way out where {{ stands within a value of a flow map', () => {
    assert.match(
      complaint('{ a: /b {{ x }} }'),
      /^f:1:9: .*a value that holds {{, or any bracket, has to stand in quotes/,
    )
  })

  test('cannot hold itself', () => {
    assert.match(complaint('a: &x [*x]'), /^f:1:8: .*no complete value/)
  })

  test('is refused where it is nested deeper than anybody reads', () => {
    assert.match(complaint('['.repeat(100_000)), /^f:1:100: .*nested more than 100 deep/)
    assert.match(complaint('- '.repeat(100_000)), /^f:1:201: .*nested more than 100 deep/)
  })

  test('is refused at the line from which a few aliases would unfold into millions', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]']
    for (let i = 1; i < 10; i += 1)
      lines.push(
        `a${i}: &a${i} [${Array(10)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      )
    assert.match(complaint(lines.join('\n')), /^f:6:\d+: .*unfolds into, more than 200000 values/)
  })

  test('is refused where it holds more values than memory should, before it is taken apart', () => {
    assert.match(complaint('a:\n'.repeat(2_000_000)), /^f:100001:2: .*more than 200000 values/)
  })

  test('may hold a hundred thousand mistakes, and all are found', () => {
    assert.is(complaints(parseYaml('f', 'a:\n'.repeat(99_000))).length, 98_999)
  })
})

type Tree = readonly Readonly<{ key: string; value: string | Tree }>[]

const words = fc.stringMatching(/^[a-z]{1,6}( [a-z]{1,3})?$/).filter(word => word !== 'null' && word !== 'true')
const quote = (style: string, word: string): string =>
  style === 'double' ? JSON.stringify(word) : style === 'single' ? `'${word}'` : word
const scalars = fc.tuple(fc.constantFrom('plain', 'double', 'single'), words).map(([style, word]) => quote(style, word))
const { tree: trees } = fc.letrec<{ tree: Tree; value: string | Tree }>(tie => ({
  value: fc.oneof({ maxDepth: 3 }, scalars, tie('tree')),
  tree: fc.uniqueArray(fc.record({ key: scalars, value: tie('value') }), {
    minLength: 1,
    maxLength: 4,
    selector: ({ key }) => key.replace(/['"]/g, ''),
  }),
}))

const inFlow = (tree: Tree): string =>
  `{ ${tree.map(({ key, value }) => `${key}: ${typeof value === 'string' ? value : inFlow(value)}`).join(',\n  ')} }`

const inBlock = (tree: Tree, depth: number): string =>
  tree
    .map(({ key, value }) => {
      const rest = typeof value === 'string' ? ` ${value} # of ${key}\n` : `\n\n${inBlock(value, depth + 1)}`
      return `${'  '.repeat(depth)}${key}:${rest}`
    })
    .join('')

/** The keys and the values as they are written, in their order. */
const writtenIn = (tree: Tree): readonly string[] =>
  tree.flatMap(({ key, value }) => [key, ...(typeof value === 'string' ? [value] : writtenIn(value))])

/** What stands in the text at the places of the keys and values. */
const standing = (text: string, entries: readonly MapEntry[]): readonly string[] =>
  entries.flatMap(({ keyAt, value }) => [
    textAt(text, keyAt),
    ...(value._tag === 'map' ? standing(text, value.entries) : [textAt(text, value.at)]),
  ])

const textAt = (text: string, { line, column }: SourcePos): string => {
  const rest = (text.split('\n')[line - 1] ?? '').slice(column - 1)
  return /^("[^"]*"|'[^']*'|[a-z ]*[a-z])/.exec(rest)?.[0] ?? `nothing in ${rest}`
}

const read = (text: string): YamlNode => right(parseYaml('f', text))
const complaint = (text: string): string => complaints(parseYaml('f', text))[0] ?? 'nothing'
const entriesOf = (node: YamlNode): readonly MapEntry[] => (node._tag === 'map' ? node.entries : [])
const listOf = (node: YamlNode): readonly YamlNode[] => (node._tag === 'list' ? node.items : [])
const scalarsOf = (node: YamlNode) => listOf(node).map(item => (item._tag === 'scalar' ? item.value : item._tag))
const show = ({ line, column }: SourcePos): string => `${line}:${column}`
const showKey = ({ keyAt }: MapEntry): string => show(keyAt)
const showValue = ({ value }: MapEntry): string => show(value.at)
const valuePlace = (text: string): string | undefined => entriesOf(read(text)).map(showValue)[0]
const placeIn = (problem: { at?: SourcePos | null } | object): SourcePos =>
  ('at' in problem ? problem.at : null) ?? { file: 'f', line: 0, column: 0 }
