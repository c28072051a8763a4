/** The keys to log in with: from the agent and from files, each once. */
import type { AgentAuthMethod, ParsedKey, PublicKeyAuthMethod } from 'ssh2'
import { type AgentKey, askAgent } from './agent.js'
import type { KeyChoice } from './destination.js'
import { fingerprintOf } from './fingerprint.js'
import { type KeyFile, readKeyFile } from './key-file.js'
import type { SshSettings } from './options.js'
import { otherClient } from './other-client.js'

export type Identities = Readonly<{
  /** In the order to try them. */
  offers: readonly Offer[]
  /** What could have been tried and cannot be, each with the reason. */
  unusable: readonly string[]
}>

type Offer = Readonly<{
  /** As in `~/.ssh/id_rsa`. */
  label: string
  method: (user: string) => PublicKeyAuthMethod | AgentAuthMethod
}>

/**
 * The key the inventory names, then all of the agent's; where it names none, the agent's and then the files that OpenSSH
 * takes by default or ssh_config names. A key the agent holds is left to it: its file may be encrypted. Of the agent's
 * keys those with a file here come first: a host takes only so many tries (MaxAuthTries).
 */
export const readIdentities = async (keys: KeyChoice, settings: SshSettings): Promise<Identities> => {
  const { held, unheld, trouble, certificates } = await findKeys(keys, settings)
  const fromAgent = held.map(offerOfAgent)
  const own = unheld.flatMap(({ path, key }) => offerOfFile(path, key ?? settings.unlockedKeys.get(path) ?? null))
  const unusable = unheld.filter(({ path }) => !settings.unlockedKeys.has(path)).flatMap(({ trouble }) => trouble ?? [])
  return {
    offers: keys.keyFile === null ? [...fromAgent, ...own] : [...own, ...fromAgent],
    unusable: [...trouble, ...unusable, ...certificates.map(notShown)],
  }
}

type KeySettings = Pick<SshSettings, 'home' | 'agentSocket' | 'connectTimeoutMs'>

/** `held`: those of the agent's that may be offered, in that order. `unheld`: the files whose keys it does not hold. */
export const findKeys = async (
  { keyFile, identityFiles, identitiesOnly }: KeyChoice,
  { home, agentSocket, connectTimeoutMs }: KeySettings,
) => {
  const named = keyFile === null ? identityFiles : [keyFile]
  const paths = named === null ? defaultKeys(home) : named.map(path => inHome(path, home))
  const [agent, ...files] = await Promise.all([
    askAgent(agentSocket, connectTimeoutMs),
    ...paths.map(path => readKeyFile(path, named !== null)),
  ])
  const isHeld = ({ publicKey }: KeyFile) => agent.held.some(({ key }) => publicKey?.equals(key.getPublicSSH()))
  const isOwn = ({ key }: AgentKey) => files.some(({ publicKey }) => publicKey?.equals(key.getPublicSSH()))
  return {
    held: agent.held
      .filter(key => !identitiesOnly || isOwn(key))
      .toSorted((a, b) => Number(isOwn(b)) - Number(isOwn(a))),
    unheld: files.filter(file => !isHeld(file)),
    trouble: agent.trouble,
    certificates: files.flatMap(({ certificate }) => certificate ?? []),
  }
}

const notShown = (certificate: string): string =>
  `${certificate} is a certificate, which only OpenSSH shows: ${otherClient}`

const defaultKeys = (home: string) => ['id_ed25519', 'id_ecdsa', 'id_rsa'].map(name => `${home}/.ssh/${name}`)

const inHome = (path: string, home: string) => (path.startsWith('~/') ? home + path.slice(1) : path)

const offerOfAgent = ({ key, agent }: AgentKey): Offer => ({
  label: `the agent's ${key.comment || key.type} (${fingerprintOf(key.getPublicSSH())})`,
  method: username => ({ type: 'agent', username, agent }),
})

const offerOfFile = (label: string, key: ParsedKey | null): readonly Offer[] =>
  key === null ? [] : [{ label, method: username => ({ type: 'publickey', username, key }) }]
