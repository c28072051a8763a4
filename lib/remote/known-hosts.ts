/** What known_hosts files say about the key a host shows; sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT". */
import { createHmac } from 'node:crypto'
import { fitsGlob } from '../model/glob.js'

/** One line. */
export type KnownHost = Readonly<{
  /** Where it is written; lines count from 1. */
  file: string
  line: number
  marker: '@cert-authority' | '@revoked' | null
  /** The names as they stand: a comma list of patterns, or one hashed name. */
  names: string
  /** Null: the line makes no sense, or its key is of a type that is not known; it vouches for nothing. */
  key: Buffer | null
}>

/** A `KnownHost` is the line the verdict rests on. */
type HostKeyVerdict =
  | Readonly<{ _tag: 'Known' | 'Changed' | 'Revoked'; by: KnownHost }>
  /** No key is known, but an authority that signs such a host's: only its certificate could be checked. */
  | Readonly<{ _tag: 'Certified'; by: KnownHost }>
  /** `illegible`: a line that names the host and makes no sense. Nobody can say what it was to say. */
  | Readonly<{ _tag: 'Unknown'; illegible: KnownHost | null }>

/** Lines of all files, also those that make no sense: OpenSSH passes over them, and so does `judgeHostKey`. */
export const readKnownHosts = (file: string, text: string): readonly KnownHost[] =>
  text.split('\n').flatMap((line, index) => {
    const [, markers = '', fields = ''] = /^\s*((?:@\S+[ \t]+)*)(.*)/.exec(line) ?? []
    const [names = '', type, base64] = fields.trim().split(/[ \t]+/)
    if (names === '' || names.startsWith('#')) return []
    const place = { file, line: index + 1, names }
    const marker = markerOf(markers.trim())
    return [
      marker === undefined ? { ...place, marker: null, key: null } : { ...place, marker, key: keyOf(type, base64) },
    ]
  })

const markerOf = (text: string): KnownHost['marker'] | undefined =>
  text === '' ? null : text === '@cert-authority' || text === '@revoked' ? text : undefined

/**
 * The names to look a host up by, the first one first: an alias (HostKeyAlias) alone where there is one; else the
 * address with its port, then without, which counts only for the very same key.
 */
export const namesInFile = (
  host: string,
  port: number,
  alias: string | null = null,
): readonly [string, ...string[]] => {
  if (alias !== null) return [alias]
  const name = host.toLowerCase()
  return port === 22 ? [name] : [`[${name}]:${port}`, name]
}

/**
 * Judges as OpenSSH 9.2 does: a revoked key is never good; a host that is known by any other key, of whatever type, has
 * changed.
 */
export const judgeHostKey = (known: readonly KnownHost[], names: readonly string[], key: Buffer): HostKeyVerdict => {
  const verdicts = names.map(name => judgeByName(known, name, key))
  const [first, ...others] = verdicts
  if (first !== undefined && first._tag !== 'Unknown' && first._tag !== 'Certified') return first
  // What a fallback says against the key was said of another port's host.
  const same = others.find(({ _tag }) => _tag === 'Known' || _tag === 'Revoked')
  const certified = verdicts.find(({ _tag }) => _tag === 'Certified')
  const illegible = verdicts.find(verdict => verdict._tag === 'Unknown' && verdict.illegible !== null)
  return same ?? certified ?? illegible ?? { _tag: 'Unknown', illegible: null }
}

/** The types of the keys a host is known by: to be asked for first, or it would show one of another type. */
export const knownKeyTypes = (known: readonly KnownHost[], names: readonly string[]): readonly string[] => {
  const found = names.map(name => known.filter(line => line.marker === null && isNamed(line.names, name)))
  const keys = found.map(lines => lines.flatMap(({ key }) => key ?? []))
  return [...new Set(keys.find(nearest => nearest.length > 0)?.map(keyType) ?? [])]
}

/** A key in SSH's wire format begins with the name of its type (RFC 4253, 6.6). */
export const keyType = (key: Buffer): string => key.toString('latin1', 4, 4 + key.readUInt32BE(0))

const judgeByName = (known: readonly KnownHost[], name: string, key: Buffer): HostKeyVerdict => {
  const named = known.filter(line => isNamed(line.names, name))
  const plain = named.filter(line => line.marker === null && line.key !== null)
  const revoked = named.find(line => line.marker === '@revoked' && line.key?.equals(key))
  if (revoked !== undefined) return { _tag: 'Revoked', by: revoked }
  const same = plain.find(line => line.key?.equals(key))
  if (same !== undefined) return { _tag: 'Known', by: same }
  const other = plain.find(line => line.key !== null && keyType(line.key) === keyType(key)) ?? plain[0]
  if (other !== undefined) return { _tag: 'Changed', by: other }
  const authority = named.find(line => line.marker === '@cert-authority' && line.key !== null)
  if (authority !== undefined) return { _tag: 'Certified', by: authority }
  return { _tag: 'Unknown', illegible: named.find(line => line.key === null) ?? null }
}

const isNamed = (names: string, name: string): boolean => {
  if (names.startsWith('|')) return names === hashLike(names, name)
  const patterns = names.toLowerCase().split(',')
  const word = name.toLowerCase()
  if (patterns.some(pattern => pattern.startsWith('!') && fitsGlob(pattern.slice(1), word))) return false
  return patterns.some(pattern => fitsGlob(pattern, word))
}

/** `|1|salt|hash`, both in base64: HMAC-SHA1 of the name, with the salt as its key, which is as long as the hash. */
const hashLike = (hashed: string, name: string): string | null => {
  const salt = bytesOf(hashed.split('|')[2] ?? '')
  if (salt?.length !== 20) return null
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`
}

const keyOf = (type = '', base64 = ''): Buffer | null => {
  const key = bytesOf(base64)
  return key !== null && isWhole(key) && types.has(type) && keyType(key) === type ? key : null
}

/** Those that OpenSSH 9.2 knows. */
const types = new Set([
  'ssh-ed25519',
  'ssh-rsa',
  'ssh-dss',
  ...[256, 384, 521].map(bits => `ecdsa-sha2-nistp${bits}`),
  'sk-ssh-ed25519@openssh.com',
  'sk-ecdsa-sha2-nistp256@openssh.com',
])

/** Null where it is not base64 to the last character: OpenSSH takes nothing less. */
const bytesOf = (base64: string): Buffer | null => {
  const bytes = Buffer.from(base64, 'base64')
  return bytes.length > 0 && bytes.toString('base64') === base64 ? bytes : null
}

/** Every field of a key is its length and that many bytes; a cut one would pass for a different key. */
const isWhole = (key: Buffer): boolean => {
  let at = 0
  while (at + 4 <= key.length) at += 4 + key.readUInt32BE(at)
  return at === key.length
}
