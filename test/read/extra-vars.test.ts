import { spawnSync } from 'node:child_process'
import * as assert from 'uvu/assert'
import { scopeOf } from '../../lib/decide/expression/scope.js'
import { valueOfTemplate } from '../../lib/decide/variables.js'
import type { HostName } from '../../lib/model/names.js'
import { jsonOf } from '../../lib/model/value.js'
import { readExtraVars } from '../../lib/read/extra-vars.js'
import { parseTemplate } from '../../lib/read/template.js'
import { describe } from '../helpers/test.js'
import { complaints, filesOf, right } from '../helpers/written.js'
import { whyNoAnsible } from '../lab/packages.js'

describe('variables of the command line', test => {
  test('are words, maps or files, and the last one that sets a variable counts', () => {
    assert.equal(read('a=1 b=two', '{a: 2, c: [x]}', '@v.yml'), { a: '2', b: '"two"', c: '["x"]', d: 'true' })
    assert.equal(read('{"a": 1.5}'), { a: '1.5' })
  })

  test('may be made of others', () => assert.equal(read('a=1 b="{{ a }}-{{ a }}"'), { a: '"1"', b: '"1-1"' }))

  test('that cannot be read say where', () => {
    assert.equal(
      ['a=1 bc', '1a=x', 'a="b', '@none', './v.yml', '[a]', '{a: 1, a: 2}', 'a={{ b c }}', '@bad.yml'].map(faultOf),
      [
        '-e:1:5: expected NAME=VALUE, @FILE, or a map in braces',
        '-e:1:1: expected NAME=VALUE, @FILE, or a map in braces',
        '-e:1:1: a quote, or a {{, is not closed',
        'none cannot be read: there is no such file',
        '-e ./v.yml: write @ before the name of a file',
        '-e:1:1: expected a map of variables, found a list',
        '-e:1:8: the key "a" stands twice in this map; the first is at -e:1:2',
        '-e:1:1: "c" cannot stand here',
        'bad.yml:1:1: expected a map of variables, found text',
      ],
    )
  })

  test(
    'are taken apart at the same places as by Ansible',
    () => {
      const texts = [
        'a=1',
        'a=1 b=2',
        'a="x y" b=z',
        "a='x y'",
        'a=x"y z"',
        `a="it's"`,
        'a=\\"x\\"',
        'a="x \\"y\\" z"',
        'a=x=y',
        'a=',
        'a="" b=1',
        'a=\\n',
        "a='\\u00e9'",
        'a=1   b=2  ',
        'a=1\nb=2',
        `a='"x"'`,
        'path=/a/b:c,d',
      ]
      const script = `import json, sys
from ansible.parsing.splitter import parse_kv
print(json.dumps([parse_kv(text) for text in json.load(sys.stdin)]))`
      const { stdout, stderr } = spawnSync('/usr/bin/python3', ['-c', script], {
        input: JSON.stringify(texts),
        encoding: 'utf8',
      })
      const theirs = JSON.parse(stdout || `"${stderr}"`)
      assert.equal(
        texts.map(text => [text, Object.fromEntries(Object.entries(read(text)).map(([k, v]) => [k, JSON.parse(v)]))]),
        texts.map((text, i) => [text, theirs[i]]),
      )
    },
    { skip: whyNoAnsible() },
  )
})

const files = filesOf({ 'v.yml': 'd: true', 'bad.yml': 'x' })

/** Each variable's value, as JSON. */
const read = (...given: readonly string[]): Readonly<Record<string, string>> => {
  const variables = right(readExtraVars(files, given))
  const scope = scopeOf({ name: 'h' as HostName, variables })
  const at = { file: 'f', line: 1, column: 1 }
  const worth = (name: string) => jsonOf(right(valueOfTemplate(right(parseTemplate(`{{ ${name} }}`, { at })), scope)))
  return Object.fromEntries([...variables.keys()].map(name => [name, worth(name)]))
}

const faultOf = (text: string): string => complaints(readExtraVars(files, [text])).join('\n')
