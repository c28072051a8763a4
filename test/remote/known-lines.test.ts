import * as assert from 'uvu/assert'
import { readKnownHosts } from '../../lib/remote/known-hosts.js'
import { knownLines } from '../../lib/remote/ssh/known-lines.js'
import { describe } from '../helpers/test.js'

const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA0Og8QV6sHfmDBSxOH7cCNL7MwGWxKZmXEcn8uPBLAl'
const text = `web1,10.0.0.1 ${key}
*.example.org,!db ${key}
DB ${key}
|1|AAAAAAAAAAAAAAAAAAAAAAAAAAA=|AAAAAAAAAAAAAAAAAAAAAAAAAAA= ${key}
@revoked db ${key}
[web1]:2222 ${key}
db,db nonsense
`

describe('known lines', test => {
  const linesFor = (...names: string[]) => knownLines('known_hosts', text, names).map(({ line }) => line)

  test('holds all lines that may name a host, once and in their order, and no plain line of another', () => {
    assert.equal(linesFor('db'), [2, 3, 4, 5, 7])
    assert.equal(linesFor('10.0.0.1'), [1, 2, 4])
    assert.equal(linesFor('[web1]:2222', 'web1'), [1, 2, 4, 6])
    assert.equal(linesFor('Web1'), [1, 2, 4])
  })

  test('knows what is written later', () => {
    assert.equal(linesFor('new'), [2, 4])
    const longer = `${text}new ${key}\n`
    assert.equal(knownLines('known_hosts', longer, ['new']).at(-1), readKnownHosts('known_hosts', longer).at(-1))
  })
})
