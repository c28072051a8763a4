/** What a known_hosts file says about the key a host shows; sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT". */
import { createHmac } from 'node:crypto'

export type KnownHost = Readonly<{
  /** Where it is written; lines count from 1. */
  file: string
  line: number
  marker: '@cert-authority' | '@revoked' | null
  /** The first field as it stands: a comma list of patterns, or one hashed name. */
  names: string
  key: Buffer
}>

/** A `KnownHost` is the line the verdict rests on. */
type HostKeyVerdict = Readonly<{ _tag: 'Known' | 'Changed' | 'Revoked'; by: KnownHost }> | Readonly<{ _tag: 'Unknown' }>

/** Lines that make no sense are skipped, as OpenSSH does. */
export const readKnownHosts = (file: string, text: string): readonly KnownHost[] =>
  text.split('\n').flatMap((line, index) => {
    const fields = line.trim().split(/[ \t]+/)
    const marker = fields[0]?.startsWith('@') ? fields.shift() : null
    const [names, type, base64] = fields
    if (marker !== null && marker !== '@cert-authority' && marker !== '@revoked') return []
    if (names === undefined || names.startsWith('#') || type === undefined || base64 === undefined) return []
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return []
    const key = Buffer.from(base64, 'base64')
    return isWhole(key) && keyType(key) === type ? [{ file, line: index + 1, marker, names, key }] : []
  })

/**
 * Judges as OpenSSH 9.2 does: a revoked key is never good; a host that is known by any other key, of whatever type, has
 * changed; and where nothing is said about `[host]:port`, a line that has this very key for `host` counts too.
 */
export const judgeHostKey = (known: readonly KnownHost[], host: string, port: number, key: Buffer): HostKeyVerdict => {
  const byName = judgeByName(known, nameInFile(host, port), key)
  if (byName._tag !== 'Unknown' || port === 22) return byName
  const byHost = judgeByName(known, nameInFile(host, 22), key)
  return byHost._tag === 'Changed' ? { _tag: 'Unknown' } : byHost
}

/** The types of the keys this host is known by: to be asked for first, or it would show one of another type. */
export const knownKeyTypes = (known: readonly KnownHost[], host: string, port: number): readonly string[] => {
  const names = [nameInFile(host, port), nameInFile(host, 22)]
  const lines = names.map(name => known.filter(line => line.marker === null && isNamed(line.names, name)))
  const nearest = lines.find(found => found.length > 0) ?? []
  return [...new Set(nearest.map(line => keyType(line.key)))]
}

/** As the file spells it: the port only where it is not 22. */
export const nameInFile = (host: string, port: number): string =>
  port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`

/** A key in SSH's wire format begins with the name of its type (RFC 4253, 6.6). */
const keyType = (key: Buffer): string => key.toString('latin1', 4, 4 + key.readUInt32BE(0))

const judgeByName = (known: readonly KnownHost[], name: string, key: Buffer): HostKeyVerdict => {
  const named = known.filter(line => isNamed(line.names, name))
  const plain = named.filter(line => line.marker === null)
  const revoked = named.find(line => line.marker === '@revoked' && line.key.equals(key))
  if (revoked !== undefined) return { _tag: 'Revoked', by: revoked }
  const same = plain.find(line => line.key.equals(key))
  if (same !== undefined) return { _tag: 'Known', by: same }
  const other = plain.find(line => keyType(line.key) === keyType(key)) ?? plain[0]
  return other === undefined ? { _tag: 'Unknown' } : { _tag: 'Changed', by: other }
}

const isNamed = (names: string, name: string): boolean => {
  if (names.startsWith('|')) return isHashOf(names, name)
  const patterns = names.toLowerCase().split(',')
  if (patterns.some(pattern => pattern.startsWith('!') && matches(pattern.slice(1), name))) return false
  return patterns.some(pattern => matches(pattern, name))
}

/** `|1|salt|hash`, both in base64: HMAC-SHA1 of the name, with the salt as its key. */
const isHashOf = (hashed: string, name: string): boolean => {
  const [, version, salt = '', hash = ''] = hashed.split('|')
  const wanted = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest()
  return version === '1' && wanted.equals(Buffer.from(hash, 'base64'))
}

const matches = (pattern: string, name: string): boolean => {
  const source = pattern
    .replace(/[^a-z0-9*?]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`).test(name)
}

/** Every field of a key is its length and that many bytes; a cut one would pass for a different key. */
const isWhole = (key: Buffer): boolean => {
  let at = 0
  while (at + 4 <= key.length) at += 4 + key.readUInt32BE(at)
  return key.length > 0 && at === key.length
}
