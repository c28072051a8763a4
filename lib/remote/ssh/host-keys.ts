/** Which host keys are known here, which to ask a host for, and what becomes of the one it shows. */
import { readFile } from 'node:fs/promises'
import * as E from 'fp-ts/lib/Either.js'
import type { Algorithms } from 'ssh2'
import type { RemoteError } from '../../model/remote-error.js'
import { judgeHostKey, type KnownHost, keyType, knownKeyTypes, namesInFile } from '../known-hosts.js'
import type { Limits } from '../limits.js'
import { appendKnownHost } from './append-known-host.js'
import { objectionTo } from './explain-host-key.js'
import { fingerprintOf } from './fingerprint.js'
import { knownLines } from './known-lines.js'
import type { Login, RecordedKey, SshSettings } from './options.js'

export type HostKeys = Readonly<{
  /** First those the host is known by, as OpenSSH asks: else a new key of another type would look like a change. */
  algorithms: Required<Algorithms>['serverHostKey']
  /** Null: it is the host's, or may be written down as such once the host has proved that it holds it. */
  objection: (key: Buffer) => RemoteError | null
  /** To be waited for between that proof and the first word about who logs in; null: it is known from now on. */
  settle: (key: Buffer) => Promise<RemoteError | null>
  /** The file and line that it was known by to begin with, as in `/home/me/.ssh/known_hosts:3`. */
  foundAt: (key: Buffer) => string | null
}>

export type OnRecorded = (recorded: RecordedKey) => void

export const readHostKeys = async (
  settings: SshSettings,
  login: Login,
  oneByOne: Limits['oneByOne'],
  onRecorded: OnRecorded,
): Promise<HostKeys> => {
  const names = namesInFile(login.address, login.port, login.hostKeyAlias)
  const before = await lookUp(settings, login, names)
  const algorithms = knownKeyTypes(before.lines, names).flatMap(algorithmsFor)
  const record = async (key: Buffer): Promise<RemoteError | null> => {
    const file = settings.newKeysFile
    if (file === null) return refused(key, 'it is new, and there is no file of yours to write it into')
    let objection: RemoteError | null = null
    const appended = await appendKnownHost(file, `${names[0]} ${keyType(key)} ${key.toString('base64')}`, async () => {
      // Somebody else may have written it down, or another one, since it was looked up.
      const now = await lookUp(settings, login, names)
      objection = now.objection(key)
      return objection === null && !now.isKnown(key)
    })
    if (E.isLeft(appended)) return refused(key, `it is new, and cannot be written down: ${appended.left}`)
    if (appended.right) onRecorded({ file, name: names[0], keyType: keyType(key), fingerprint: fingerprintOf(key) })
    return objection
  }
  return {
    algorithms: { remove: algorithms, prepend: algorithms, append: [] },
    objection: before.objection,
    foundAt: before.foundAt,
    settle: key => (before.isKnown(key) ? Promise.resolve(null) : oneByOne(() => record(key))),
  }
}

const refused = (key: Buffer, why: string): RemoteError => ({
  _tag: 'HostKeyRefused',
  why,
  fingerprint: fingerprintOf(key),
})

type LookedUp = Readonly<{
  lines: readonly KnownHost[]
  isKnown: (key: Buffer) => boolean
  foundAt: HostKeys['foundAt']
  objection: (key: Buffer) => RemoteError | null
}>

const lookUp = async (
  { knownHostsFiles, hostKeys }: SshSettings,
  login: Login,
  names: readonly string[],
): Promise<LookedUp> => {
  const files = await Promise.all(knownHostsFiles.map(file => readOne(file, names)))
  const lines = files.flatMap(file => file.lines)
  return {
    lines,
    isKnown: key => judgeHostKey(lines, names, key)._tag === 'Known',
    foundAt: key => {
      const verdict = judgeHostKey(lines, names, key)
      return verdict._tag === 'Known' ? `${verdict.by.file}:${verdict.by.line}` : null
    },
    objection: key => {
      const why = objectionTo(judgeHostKey(lines, names, key), { policy: hostKeys, login, names, files })
      return why === null ? null : refused(key, why)
    },
  }
}

const readOne = async (path: string, names: readonly string[]) => {
  try {
    return { path, trouble: null, lines: knownLines(path, await readFile(path, 'utf8'), names) }
  } catch (error) {
    const { code = 'no reason given' } = error as NodeJS.ErrnoException
    return { path, trouble: code === 'ENOENT' ? null : code, lines: [] }
  }
}

type HostKeyAlgorithm = 'ssh-ed25519' | `ecdsa-sha2-nistp${256 | 384 | 521}` | `rsa-sha2-${512 | 256}` | 'ssh-rsa'

/** One type of key may sign in several ways. Types that ssh2 does not know are not asked for. */
const algorithmsFor = (type: string): HostKeyAlgorithm[] => {
  switch (type) {
    case 'ssh-rsa':
      return ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa']
    case 'ssh-ed25519':
    case 'ecdsa-sha2-nistp256':
    case 'ecdsa-sha2-nistp384':
    case 'ecdsa-sha2-nistp521':
      return [type]
    default:
      return []
  }
}
