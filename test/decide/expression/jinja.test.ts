import { spawnSync } from 'node:child_process'
import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import { scopeOf } from '../../../lib/decide/expression/scope.js'
import { valueOfTemplate } from '../../../lib/decide/variables.js'
import { jsonOf } from '../../../lib/model/value.js'
import { parseTemplate } from '../../../lib/read/template.js'
import { projectFolder } from '../../helpers/steward.js'
import { describe } from '../../helpers/test.js'
import { inventoryOf, right } from '../../helpers/written.js'
import { whyNoAnsible } from '../../lab/packages.js'
import { jinjaExpressions, jinjaVariables, meantToDiffer } from './jinja-expressions.js'

describe('expressions', test => {
  test(
    "have the values that Jinja2 and Ansible's filters give them",
    () => {
      assert.ok(jinjaExpressions.length >= 300, `only ${jinjaExpressions.length}`)
      const theirs = byJinja(jinjaExpressions)
      const differing = jinjaExpressions.flatMap((expression, i) => {
        const expected = meantToDiffer[expression] ?? theirs[i]
        const found = ours(expression)
        return found === expected ? [] : [`${expression}: ${found} instead of ${expected}`]
      })
      assert.equal(differing, [])
    },
    { skip: whyNoAnsible() },
  )

  test(
    'differ from Jinja2 in nothing but what is meant to',
    () => {
      const meant = Object.entries(meantToDiffer)
      const theirs = byJinja(meant.map(([expression]) => expression))
      for (const [i, [expression, value]] of meant.entries()) assert.is.not(theirs[i], value, expression)
    },
    { skip: whyNoAnsible() },
  )
})

const [host] = inventoryOf(
  `all:\n  hosts: { h: }\n  vars:\n${jinjaVariables.trim().replaceAll(/^/gm, '    ')}\n`,
).hosts.values()
if (host === undefined) throw new Error('there is no host')
const scope = scopeOf(host)
const at = { file: 'f', line: 1, column: 1 }

/** As JSON in Python's spelling, or "error". */
const ours = (expression: string): string => {
  const template = parseTemplate(`{{ ${expression} }}`, { at })
  if (E.isLeft(template)) return 'error'
  const value = valueOfTemplate(template.right, scope)
  return E.isLeft(value) ? 'error' : jsonOf(value.right)
}

/** All in one process. */
const byJinja = (expressions: readonly string[]): readonly string[] => {
  const names = [...jinjaVariables.matchAll(/^"?(\w+)"?:/gm)].map(([, name]) => name ?? '')
  const variables = names.map(name => {
    const template = right(parseTemplate(`{{ ${name} }}`, { at }))
    return `"${name}": ${jsonOf(right(valueOfTemplate(template, scope)))}`
  })
  const input = `{"variables": {${variables.join(', ')}}, "expressions": ${JSON.stringify(expressions)}}`
  const script = `${projectFolder}test/decide/expression/jinja.py`
  const { stdout, stderr, status } = spawnSync('/usr/bin/python3', [script], { input, encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout)
}
