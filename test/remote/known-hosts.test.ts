import { execFileSync, spawnSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { judgeHostKey, knownKeyTypes, namesInFile, readKnownHosts } from '../../lib/remote/known-hosts.js'
import { inFolder } from '../helpers/folder.js'
import { describe } from '../helpers/test.js'

const skip = existsSync('/usr/bin/ssh-keygen') ? undefined : 'needs ssh-keygen'

describe('known hosts', test => {
  const agrees = () =>
    inFolder(async folder => {
      for (const [title, lines] of Object.entries(tables)) {
        const file = `${folder}/${title}`
        writeFileSync(file, lines.join('\n'))
        if (title === 'hashed') execFileSync('ssh-keygen', ['-H', '-f', file], { stdio: 'ignore' })
        const known = readKnownHosts(file, readFileSync(file, 'utf8'))
        for (const [host, port] of hosts) {
          const verdict = judgeHostKey(known, namesInFile(host, port), keyOf(ed25519))
          const line = verdict._tag === 'Unknown' || verdict._tag === 'Certified' ? null : verdict.by.line
          assert.is(line, expectedLine(file, host, port), `${title}: ${host} ${port}`)
        }
      }
    })
  test('finds a host on the same line as ssh-keygen -F', agrees, { skip })

  test('tells a known key from a changed, a revoked and an unknown one', () => {
    const judge = (text: string) => judgeHostKey(readKnownHosts('f', text), ['a.example.com'], keyOf(ed25519))._tag
    assert.is(judge(`a.example.com ${ed25519}`), 'Known')
    assert.is(judge(`b.example.com ${ed25519}`), 'Unknown')
    assert.is(judge(`a.example.com ${another}`), 'Changed')
    assert.is(judge(`a.example.com ${ecdsa}`), 'Changed')
    assert.is(judge(`a.example.com ${another}\na.example.com ${ed25519}`), 'Known')
    assert.is(judge(`a.example.com ${ed25519}\n@revoked * ${ed25519}`), 'Revoked')
    assert.is(judge(`@revoked * ${another}`), 'Unknown')
    assert.is(judge(`@cert-authority * ${another}`), 'Certified')
    assert.is(judge(`@cert-authority * ${another}\na.example.com ${ed25519}`), 'Known')
    assert.is(judge(`@cert-authority * ${another}\n@revoked * ${ed25519}`), 'Revoked')
    assert.is(judge(`@cert-authority b.* ${another}`), 'Unknown')
  })

  test('blames, of several changed keys, the one of the same type', () => {
    const known = readKnownHosts('f', `h ${ecdsa}\nh ${another}\n`)
    assert.equal(judgeHostKey(known, ['h'], keyOf(ed25519)), { _tag: 'Changed', by: known[1] })
  })

  test('takes a line without a port for any port, but only for the very same key', () => {
    const judge = (text: string) => judgeHostKey(readKnownHosts('f', text), namesInFile('h', 2222), keyOf(ed25519))._tag
    assert.is(judge(`h ${ed25519}`), 'Known')
    assert.is(judge(`h ${another}`), 'Unknown')
    assert.is(judge(`h ${ed25519}\n[h]:2222 ${another}`), 'Changed')
  })

  test('looks an alias up as it is, without the port', () => {
    const names = namesInFile('h', 2222, 'Web')
    const judge = (text: string) => judgeHostKey(readKnownHosts('f', text), names, keyOf(ed25519))._tag
    assert.is(judge(`web ${ed25519}`), 'Known')
    assert.is(judge(`w?b,!h ${ed25519}`), 'Known')
    assert.is(judge(`[h]:2222,h ${ed25519}`), 'Unknown')
    assert.is(judge(`web ${another}`), 'Changed')
  })

  test('believes no line that is not one of a known key, and remembers which of them name the host', () => {
    const cut = ed25519.slice(0, -8)
    const wrongType = ed25519.replace('ssh-ed25519 ', 'ssh-rsa ')
    const lines = [
      '',
      '# h',
      `h ${ed25519.slice(0, -4)}!${ed25519.slice(-4)}`,
      'h',
      'h ssh-ed25519',
      `h ${cut}`,
      `h ${wrongType}`,
      'h ssh-ed25519 !!!',
      `@odd h ${ed25519}`,
      `@revoked @revoked h ${ed25519}`,
      `h ${future}`,
      'h 1024 35 1234',
    ]
    const known = readKnownHosts('f', lines.join('\n'))
    assert.ok(known.every(({ key }) => key === null))
    for (const line of known) {
      const verdict = judgeHostKey([line], ['h'], keyOf(ed25519))
      assert.equal(verdict, { _tag: 'Unknown', illegible: line })
      assert.equal(judgeHostKey([line], ['g'], keyOf(ed25519)), { _tag: 'Unknown', illegible: null })
    }
    assert.equal(
      known.map(({ line }) => line),
      [3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
    )
  })

  test('reads tabs, indents and lines that end the DOS way', () => {
    assert.is(readKnownHosts('f', `  h\t${ed25519.replace(' ', ' \t ')} a comment\r\n`).length, 1)
  })

  test('lists the types a host is known by: its own port first, revoked keys never', () => {
    const types = (text: string) => knownKeyTypes(readKnownHosts('f', text), namesInFile('h', 2222))
    assert.equal(types(`h ${ecdsa}\n[h]:2222 ${ed25519}\n`), ['ssh-ed25519'])
    assert.equal(types(`h ${ecdsa}\n@revoked [h]:2222 ${ed25519}\n`), ['ecdsa-sha2-nistp256'])
    assert.equal(types(`[h]:2222 ${future}\nh ${ecdsa}\n`), ['ecdsa-sha2-nistp256'])
    assert.equal(types(''), [])
  })
})

const ed25519 = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f'
/** A key of a type that is yet to come. */
const future = 'ssh-future AAAACnNzaC1mdXR1cmUAAAADYWJj'
const another = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP/+/fz7+vn49/b19PPy8fDv7u3s6+rp6Ofm5eTj4uHg'
const ecdsa =
  'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBMQUA2qY95Me2XqVzhwHBuoBsBoeMIcJRctj0D/rjJc4udjFywdatvphxDPY2fOowAsdowHwhhYtguSuavxk/fU='

const hosts = [
  ['a.example.com', 22],
  ['A.example.COM', 22],
  ['a.example.com', 2222],
  ['ab.example.com', 22],
  ['b.example.com', 2222],
  ['aXexample.com', 22],
  ['192.0.2.7', 22],
  ['2001:db8::7', 22],
  ['2001:db8::7', 2222],
] as const

const salt = Buffer.from('some salt').toString('base64')
const hash = createHmac('sha1', 'some salt').update('a.example.com').digest('base64')

const tables: Record<string, readonly string[]> = {
  empty: [],
  plain: ['# a.example.com', `b.example.com ${ed25519}`, `a.example.com ${ed25519} a comment`],
  list: [`192.0.2.7,a.example.com,2001:db8::7 ${ed25519}`],
  capitals: [`A.Example.com ${ed25519}`],
  port: [`[a.example.com]:2222 ${ed25519}`, `[2001:db8::7]:2222,[b.example.com]:2223 ${ed25519}`],
  stars: [`*.example.com ${ed25519}`],
  marks: [`?.example.com,192.0.2.? ${ed25519}`],
  'stars and ports': [`[*.example.com]:* ${ed25519}`],
  everything: [`* ${ed25519}`],
  negated: [`*.example.com,!a.example.com ${ed25519}`, `!b.example.com,*.example.com,!a* ${ed25519}`],
  'only negated': [`!b.example.com ${ed25519}`],
  hashed: [`a.example.com,2001:db8::7 ${ed25519}`, `[b.example.com]:2222 ${ed25519}`],
  'hashed some other way': [`|2|${salt}|${hash} ${ed25519}`],
  'hashed badly': [`|1|AAAA|AAAA ${ed25519}`, `|2|AAAA ${ed25519}`, `| ${ed25519}`],
  revoked: [`a.example.com ${ed25519}`, `@revoked *.example.com ${ed25519}`],
  authority: [`@cert-authority *.example.com ${ed25519}`, `ab.example.com ${ed25519}`],
  broken: ['a.example.com', 'a.example.com ssh-ed25519', `@odd a.example.com ${ed25519}`, `a.example.com  ${ed25519}`],
}

/** All lines of a table have the same key: of those that name the host, a revoked one decides, else the first. */
const expectedLine = (file: string, host: string, port: number): number | null =>
  namesInFile(host, port).reduce<number | null>((found, name) => found ?? foundByKeygen(file, name), null)

const foundByKeygen = (file: string, name: string): number | null => {
  const { stdout } = spawnSync('ssh-keygen', ['-F', name, '-f', file], { encoding: 'utf8' })
  const found = [...stdout.matchAll(/^# Host .* found: line (\d+) ?(CA|REVOKED)?/gm)].filter(
    ([, , mark]) => mark !== 'CA',
  )
  const decisive = found.find(([, , mark]) => mark === 'REVOKED') ?? found[0]
  return decisive === undefined ? null : Number(decisive[1])
}

const keyOf = (line: string): Buffer => Buffer.from(line.split(' ')[1] ?? '', 'base64')
