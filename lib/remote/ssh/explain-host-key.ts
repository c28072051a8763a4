/** Why a host is not believed to be itself, and the way out. */
import { shellWord } from '../../model/shell.js'
import { type judgeHostKey, type KnownHost, keyType } from '../known-hosts.js'
import { fingerprintOf } from './fingerprint.js'
import type { HostKeyPolicy, Login } from './options.js'
import { otherClient } from './other-client.js'

type LookUp = Readonly<{
  policy: HostKeyPolicy
  login: Login
  names: readonly string[]
  /** `trouble`: it is there and cannot be read. */
  files: readonly Readonly<{ path: string; trouble: string | null }>[]
}>

/** Null: the key is the host's, or the policy takes it for that of a host that is new. */
export const objectionTo = (
  verdict: ReturnType<typeof judgeHostKey>,
  { policy, login, names: [name = ''], files }: LookUp,
): string | null => {
  switch (verdict._tag) {
    case 'Known':
      return null
    case 'Unknown':
      if (policy === 'strict') return wordsForUnknown(name, login, files) + hintAt(verdict.illegible)
      return whyNotRecorded(name, verdict.illegible, files)
    case 'Changed':
      return (
        `the host shows another key than ${fingerprintIn(verdict.by)} in ${placeOf(verdict.by)}: it was given a new key, ` +
        `or somebody stands in between; if you know it is new: ` +
        `ssh-keygen -f ${shellWord(verdict.by.file)} -R ${shellWord(name)}`
      )
    case 'Revoked':
      return `the host's key is revoked in ${placeOf(verdict.by)}: it must be given a new one`
    case 'Certified':
      return (
        `for ${name} only a certificate authority is known, in ${placeOf(verdict.by)}, and it showed no certificate ` +
        `that could be checked; the built-in client checks none, OpenSSH does: ${otherClient}`
      )
  }
}

const wordsForUnknown = (
  name: string,
  { address, port, user, hostKeyAlias }: Login,
  files: LookUp['files'],
): string => {
  const alias = hostKeyAlias === null ? '' : `-o ${shellWord(`HostKeyAlias=${hostKeyAlias}`)} `
  const tried = files.map(({ path, trouble }) =>
    trouble === null ? path : `${path} (which cannot be read: ${trouble})`,
  )
  return (
    `no key is known for ${name} in ${tried.join(' or ') || 'any file, as none is named'}: compare this fingerprint with the host's own, then let ssh ` +
    `write it down: ssh ${port === 22 ? '' : `-p ${port} `}${alias}${shellWord(user)}@${address}; --host-key ` +
    'accept-new writes down the keys of all hosts that are new'
  )
}

/** What is not read, or not understood, may be the host's real key or its revocation. */
const whyNotRecorded = (name: string, illegible: KnownHost | null, files: LookUp['files']): string | null => {
  const unread = files.find(({ trouble }) => trouble !== null)
  if (unread !== undefined) return `it may be new or not: ${unread.path} cannot be read: ${unread.trouble}`
  if (illegible !== null) return `it may be new or not${hintAt(illegible)}: mend or remove that line`
  return /^[\w.:%[\]-]+$/.test(name) ? null : `it is new, and ${JSON.stringify(name)} cannot stand in known_hosts`
}

const hintAt = (illegible: KnownHost | null): string =>
  illegible === null ? '' : `; ${placeOf(illegible)} names it, but holds no key that can be read`

const placeOf = ({ file, line }: KnownHost): string => `${file}:${line}`

const fingerprintIn = ({ key }: KnownHost): string =>
  key === null ? 'one that cannot be read' : `${fingerprintOf(key)} (${keyType(key)})`
