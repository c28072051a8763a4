import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import { parseNetstat } from '../../lib/observe/netstat.js'
import { parsePs } from '../../lib/observe/ps.js'
import { parseSs } from '../../lib/observe/ss.js'
import { projectFolder } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'

/** Outputs of other systems, where somebody has put some beside the project; none is a part of it. */
const folder = `${projectFolder}../shared/samples`

describe('samples of other systems', test => {
  test('are read right or refused with the reason', () => {
    for (const [name, read] of samples()) {
      const expected = known.get(name)
      if (typeof expected === 'number') assert.is(E.isRight(read) ? read.right.length : read.left, expected, name)
      else if (expected !== undefined) assert.match(E.isLeft(read) ? read.left : '', expected, name)
      else assert.ok(E.isRight(read) || read.left !== '', name)
    }
  })
})

const samples = (): readonly (readonly [name: string, read: Either<string, readonly unknown[]>])[] =>
  (existsSync(folder) ? readdirSync(folder) : [])
    .filter(file => file.endsWith('.out'))
    .map(file => {
      const text = readFileSync(`${folder}/${file}`, 'utf8')
      if (file.includes('_ps-')) return [file, parsePs(text)]
      return [file, file.includes('_ss-') ? parseSs(text) : parseNetstat(text)]
    })

/** How many rows, or why none. */
const known: ReadonlyMap<string, number | string> = new Map<string, number | string>([
  ['freebsd12_netstat-aT.out', 'no states'],
  ['osx-10.14.6_netstat-An.out', 'does not show what listens'],
  ['osx-10.14.6_ps-ef.out', 377],
  ['ubuntu-18.04_netstat-sudo-lnp-space.out', 17],
  ['ubuntu-18.04_netstat-sudo-lnp.out', 4],
  ['ubuntu-18.04_ps-axu.out', 172],
  ['ubuntu-18.04_ss-sudo-a.out', 'run with -n'],
])
