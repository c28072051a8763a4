/** Which host keys are known here, which to ask a host for, and what to say when it shows another. */
import { readFile } from 'node:fs/promises'
import type { Algorithms } from 'ssh2'
import type { RemoteError } from '../../model/remote-error.js'
import { judgeHostKey, type KnownHost, knownKeyTypes, nameInFile, readKnownHosts } from '../known-hosts.js'
import { fingerprintOf } from './fingerprint.js'
import type { Login } from './options.js'

export type HostKeys = Readonly<{
  /** First those the host is known by, as OpenSSH asks: else a new key of another type would look like a change. */
  algorithms: Required<Algorithms>['serverHostKey']
  /** Null: it is the host. */
  objection: (key: Buffer) => RemoteError | null
}>

export const readHostKeys = async (files: readonly string[], login: Login): Promise<HostKeys> => {
  const read = await Promise.all(files.map(readOne))
  const known = read.flatMap(({ lines }) => lines)
  const algorithms = knownKeyTypes(known, login.address, login.port).flatMap(algorithmsFor)
  return {
    algorithms: { remove: algorithms, prepend: algorithms, append: [] },
    objection: key => {
      const why = objectionTo(
        key,
        known,
        login,
        read.map(({ says }) => says),
      )
      return why === null ? null : { _tag: 'HostKeyRefused', why, fingerprint: fingerprintOf(key) }
    },
  }
}

type Read = Readonly<{ says: string; lines: readonly KnownHost[] }>

const readOne = async (file: string): Promise<Read> => {
  try {
    return { says: file, lines: readKnownHosts(file, await readFile(file, 'utf8')) }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return { says: code === 'ENOENT' ? file : `${file} (which cannot be read: ${code})`, lines: [] }
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

const objectionTo = (
  key: Buffer,
  known: readonly KnownHost[],
  { address, port, user }: Login,
  files: readonly string[],
): string | null => {
  const name = nameInFile(address, port)
  const verdict = judgeHostKey(known, address, port, key)
  switch (verdict._tag) {
    case 'Known':
      return null
    case 'Unknown':
      return (
        `no key is known for ${name} in ${files.join(' or ')}: compare this fingerprint with the host's own, then let ` +
        `ssh write it down: ssh ${port === 22 ? '' : `-p ${port} `}${user}@${address}`
      )
    case 'Changed':
      return (
        `the host shows another key than the one in ${verdict.by.file}:${verdict.by.line}: it was given a new key, or ` +
        `somebody stands in between; if you know it is new: ssh-keygen -f ${verdict.by.file} -R '${name}'`
      )
    case 'Revoked':
      return `the host's key is revoked in ${verdict.by.file}:${verdict.by.line}: it must be given a new one`
  }
}
