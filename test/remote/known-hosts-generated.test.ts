import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { judgeHostKey, readKnownHosts } from '../../lib/remote/known-hosts.js'
import { fingerprintOf } from '../../lib/remote/ssh/fingerprint.js'
import { inFolder } from '../helpers/folder.js'
import { describe } from '../helpers/test.js'
import { makeKey } from './sshd.js'

const skip = existsSync('/usr/bin/ssh-keygen') ? undefined : 'needs ssh-keygen'

describe('generated known_hosts files', test => {
  const agrees = () =>
    inFolder(async folder => {
      const keys = ['ed25519', 'ecdsa', 'rsa', 'ed25519'].map((type, i) => {
        const [name = '', base64 = ''] = readFileSync(`${makeKey(`${folder}/${i}`, type)}.pub`, 'utf8').split(' ')
        return `${name} ${base64}`
      })
      const file = `${folder}/known_hosts`
      fc.assert(
        fc.property(textWith(keys), fc.boolean(), fc.constantFrom(...names), (text, isHashed, name) => {
          writeFileSync(file, text)
          if (isHashed) spawnSync('ssh-keygen', ['-H', '-f', file])
          const written = readFileSync(file, 'utf8')
          const found = foundByKeygen(file, name)
          for (const key of keys) {
            const verdict = judgeHostKey(readKnownHosts(file, written), [name], bytesOf(key))
            const place = verdict._tag === 'Unknown' ? null : verdict.by.line
            assert.equal([verdict._tag, place], expected(found, key), `${name} and ${key} in:\n${written}`)
          }
        }),
        { numRuns: 150 },
      )
    })
  test('are judged by the lines that ssh-keygen -F finds, plain and hashed', agrees, { skip, timeoutMs: 60_000 })
})

const names = ['a', 'B.c', 'b.c', '[a]:2', '[b.c]:22', '::1', '10.0.0.1', '[::1]:2'] as const

const pattern = fc.oneof(
  fc.constantFrom(...names),
  fc.constantFrom('*', '?', '*.c', 'B*', '[a]:*', '[*]:2', '10.0.0.*', '??', '!', '', '!*.c', '!a', '![a]:2', '|1|x'),
)

const field = fc.array(pattern, { minLength: 1, maxLength: 3 }).map(patterns => patterns.join(','))

const lineWith = (keys: readonly string[]) => {
  const marker = fc.constantFrom('', '', '', '@revoked ', '@cert-authority ', '@odd ', '@revoked @revoked ')
  const key = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...keys) },
    { weight: 2, arbitrary: fc.constantFrom(...keys.flatMap(spoilt)) },
  )
  const blank = fc.constantFrom(' ', '\t', '  ')
  const end = fc.constantFrom('', ' a comment', '\t# x', '\r', ' ')
  return fc.tuple(fc.constantFrom('', ' ', '\t', '#'), marker, field, blank, key, end).map(parts => parts.join(''))
}

const textWith = (keys: readonly string[]) =>
  fc.array(lineWith(keys), { maxLength: 6 }).map(lines => lines.map(line => `${line}\n`).join(''))

/** Other ways to write a key, some of them no key at all. */
const spoilt = (key: string): readonly string[] => {
  const [type = '', base64 = ''] = key.split(' ')
  return [
    type,
    base64,
    `${type} ${base64.slice(0, -4)}`,
    `${type} ${base64}=`,
    `${type} ${base64.replace(/=+$/, '')}`,
    `ssh-dss ${base64}`,
    `${type.replace('ssh-', '').toUpperCase()} ${base64}`,
    `1024 35 ${type}`,
  ]
}

type Found = Readonly<{ line: number; mark: string; type: string; fingerprint: string }>

/** With `-l` it leaves out what holds no key. */
const foundByKeygen = (file: string, name: string): readonly Found[] => {
  const { stdout } = spawnSync('ssh-keygen', ['-l', '-F', name, '-f', file], { encoding: 'utf8' })
  return [...stdout.matchAll(/^# Host .* found: line (\d+) ?(CA|REVOKED)?\s*\n\S+ (\S+) (SHA256:\S+)/gm)].map(
    ([, line, mark = '', type = '', fingerprint = '']) => ({ line: Number(line), mark, type, fingerprint }),
  )
}

/** A revoked key is bad, a known one good, any other means a change, first of all one of the same type. */
const expected = (found: readonly Found[], key: string): readonly [string, number | null] => {
  const own = fingerprintOf(bytesOf(key))
  const plain = found.filter(({ mark }) => mark === '')
  const revoked = found.find(({ mark, fingerprint }) => mark === 'REVOKED' && fingerprint === own)
  if (revoked !== undefined) return ['Revoked', revoked.line]
  const same = plain.find(({ fingerprint }) => fingerprint === own)
  if (same !== undefined) return ['Known', same.line]
  const other = plain.find(({ type }) => key.includes(type.toLowerCase())) ?? plain[0]
  if (other !== undefined) return ['Changed', other.line]
  const authority = found.find(({ mark }) => mark === 'CA')
  return authority === undefined ? ['Unknown', null] : ['Certified', authority.line]
}

const bytesOf = (key: string): Buffer => Buffer.from(key.split(' ')[1] ?? '', 'base64')
