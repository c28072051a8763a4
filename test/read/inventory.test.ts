import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { scopeOf } from '../../lib/decide/expression/scope.js'
import { resolveVariable } from '../../lib/decide/variables.js'
import type { HostName } from '../../lib/model/names.js'
import { readInventory } from '../../lib/read/inventory.js'
import { describe } from '../helpers/test.js'
import { complaintOf, complaints, filesOf, inventoryOf, inventoryResult, right } from '../helpers/written.js'

describe('an inventory', test => {
  test('has its hosts in the order they are written, and in a group those of the outer ones first', () => {
    const { hosts, groups } = inventoryOf('web: {hosts: {w2: , w1: }}\nall: {hosts: {a1: }}\ndb: {hosts: {w1: , d1: }}')
    assert.equal([...hosts.keys()], ['w2', 'w1', 'a1', 'd1'])
    assert.equal(groups.get('all'), ['a1', 'w2', 'w1', 'd1'])
  })

  test('has in a group the hosts of the groups below it', () => {
    const { groups } = inventoryOf(
      'top: {hosts: {t: }, children: {mid: {children: {low: {hosts: {l: }}}}}}\nmid: {hosts: {m: }}',
    )
    assert.equal(groups.get('top'), ['t', 'm', 'l'])
    assert.equal(groups.get('low'), ['l'])
  })

  test('puts together what is said of a group in two places', () => {
    const inventory = inventoryOf(`
all: {children: {web: {hosts: {w1: }, vars: {a: 1}}}}
web: {hosts: {w2: }, vars: {b: 2}, children: {eu: {hosts: {w3: }}}}`)
    assert.equal(inventory.groups.get('web'), ['w1', 'w2', 'w3'])
    assert.equal(valuesOf(inventory, 'w3', ['a', 'b']), ['1', '2'])
  })

  test('puts together what is said of a host in two places', () => {
    const inventory = inventoryOf('web: {hosts: {h: {a: 1, b: 1}}}\ndb: {hosts: {h: {b: 2}}}')
    assert.equal(valuesOf(inventory, 'h', ['a', 'b']), ['1', '2'])
  })

  test('may be empty but for a word', () => {
    assert.is(inventoryOf('all:').hosts.size, 0)
    assert.is(inventoryOf('{}').hosts.size, 0)
  })

  test('is told once of a mistake that an alias repeats', () => {
    const text = 'a: &group { host: { h: } }\nb: *group\nc: { children: { d: *group } }'
    assert.is(complaints(inventoryResult(text)).length, 1)
  })

  test('knows a host by an address', () => {
    const { hosts } = inventoryOf('all: {hosts: {10.0.0.1: , "fe80::1%eth0": , 10: }}')
    assert.equal([...hosts.keys()], ['10.0.0.1', 'fe80::1%eth0', '10'])
  })
})

describe("a host's variables", test => {
  const layers = ['all', 'parent', 'child', 'host']

  test('are those of all, then the parent, the child and the host: the last one wins', () => {
    fc.assert(
      fc.property(fc.subarray(layers, { minLength: 1 }), set => {
        const vars = (layer: string) => (set.includes(layer) ? `{x: ${layer}}` : '{}')
        const inventory = inventoryOf(`
all: {vars: ${vars('all')}}
parent: {vars: ${vars('parent')}, children: {child: }}
child: {vars: ${vars('child')}, hosts: {h: ${vars('host')}}}`)
        assert.equal(valuesOf(inventory, 'h', ['x']), [set.at(-1)])
      }),
    )
  })

  test('come of two groups side by side from the last in the alphabet, in whatever order they are written', () => {
    const [a, b] = ['a: {hosts: {h: }, vars: {x: a}}', 'b: {hosts: {h: }, vars: {x: b}}']
    for (const text of [`${a}\n${b}`, `${b}\n${a}`]) assert.equal(valuesOf(inventoryOf(text), 'h', ['x']), ['b'])
  })

  test('come from the deeper group, and the longest way down is its depth', () => {
    const inventory = inventoryOf(`
z: {hosts: {h: }, vars: {x: z}}
a: {hosts: {h: }, vars: {x: a}}
top: {children: {a: }}
all: {children: {a: , z: }}`)
    assert.equal(valuesOf(inventory, 'h', ['x']), ['a'])
  })

  test('stay what they were written as: a float, a large number, true by YAML 1.1', () => {
    const inventory = inventoryOf('all: {hosts: {h: {f: 1.0, n: 12345678901234567890, y: yes, o: 010}}}')
    assert.equal(valuesOf(inventory, 'h', ['f', 'n', 'y', 'o']), ['1.0', '12345678901234567890', 'true', '8'])
  })

  test('name the host, the folder of the inventory and that of steward, whoever else says so', () => {
    const text = 'all: {vars: {steward_dir: mine}, hosts: {h: {inventory_hostname: other}}}'
    const inventory = right(readInventory(filesOf({ '/books/hosts.yml': text }), '/books/hosts.yml', '/shipped'))
    const names = ['inventory_hostname', 'inventory_dir', 'inventory_file', 'steward_dir']
    assert.equal(valuesOf(inventory, 'h', names), ['h', '/books', '/books/hosts.yml', '/shipped'])
  })

  test('may have the names of what every JavaScript object has', () => {
    const inventory = inventoryOf('all: {vars: {__proto__: 1, constructor: 2}, hosts: {h: {toString: 3}}}')
    assert.equal(valuesOf(inventory, 'h', ['__proto__', 'constructor', 'toString']), ['1', '2', '3'])
  })
})

describe('groups below themselves', test => {
  test('are named in their circle', () => {
    assert.equal(complaints(inventoryResult('a: {children: {b: }}\nb: {children: {c: }}\nc: {children: {a: }}')), [
      'hosts.yml:1:1: these groups form a circle: a → b → c → a',
    ])
    assert.match(complaintOf(inventoryResult('a: {children: {a: }}')), 'a → a')
  })

  test('are not the groups above or below the circle', () => {
    const text = 'top: {children: {a: }}\na: {children: {b: }}\nb: {children: {a: , low: }}\nlow: {children: {lower: }}'
    assert.match(complaintOf(inventoryResult(text)), /: a → b → a$|: b → a → b$/)
  })

  test('are found in two circles at once', () => {
    assert.is(complaints(inventoryResult('a: {children: {a: }}\nb: {children: {b: }}')).length, 2)
  })

  test('may be all that there is: nothing is above "all"', () => {
    assert.match(complaintOf(inventoryResult('web: {children: {all: }}')), /web → all → web|all → web → all/)
  })

  test('are told from groups that are only reached on many ways', () => {
    const lines = ['s40: {hosts: {h: }}']
    for (let i = 0; i < 40; i += 1) lines.push(`s${i}: {children: {s${i + 1}: , m${i}: {children: {s${i + 1}: }}}}`)
    assert.equal(inventoryOf(lines.join('\n')).groups.get('s0'), ['h'])
  })

  test('are looked for in a chain of any length', () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => `g${i}: {children: {g${i + 1}: }}`)
    assert.is(inventoryOf(lines.join('\n')).groups.size, 20_003)
    assert.is(complaints(inventoryResult([...lines, 'g20000: {children: {g0: }}'].join('\n'))).length, 1)
  })
})

const valuesOf = ({ hosts }: ReturnType<typeof inventoryOf>, name: string, variables: readonly string[]) =>
  variables.map(variable => {
    const host = hosts.get(name as HostName)
    if (host === undefined) throw new Error(`there is no host ${name}`)
    return right(resolveVariable(scopeOf(host), variable, host.at))
  })
