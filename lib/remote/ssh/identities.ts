/** The keys to log in with: from the agent and from files, each once. */
import { readFile } from 'node:fs/promises'
import ssh2, { type AgentAuthMethod, type OpenSSHAgent, type ParsedKey, type PublicKeyAuthMethod } from 'ssh2'
import type { KeyChoice } from './destination.js'
import { fingerprintOf } from './fingerprint.js'
import type { SshSettings } from './options.js'

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
 * The key the route names, then all of the agent's; where it names none, the agent's and then the files OpenSSH takes by
 * default or ssh_config names. A key the agent holds is left to it: its file may be encrypted, and nobody is asked for a
 * passphrase here. Of the agent's keys those with a file here come first: a host takes only so many tries (MaxAuthTries).
 */
export const readIdentities = async (route: KeyChoice, settings: SshSettings): Promise<Identities> => {
  const named = route.keyFile === null ? route.identityFiles : [route.keyFile]
  const paths = named === null ? defaultKeys(settings.home) : named.map(path => inHome(path, settings.home))
  const [agent, ...files] = await Promise.all([
    askAgent(settings.agentSocket, settings.connectTimeoutMs),
    ...paths.map(path => readKey(path, named !== null)),
  ])
  const isHeld = ({ publicKey }: KeyFile) => agent.held.some(({ key }) => publicKey?.equals(key.getPublicSSH()))
  const own = files.flatMap(file => (file.offer !== null && !isHeld(file) ? [file.offer] : []))
  const unusable = files.flatMap(file => (file.trouble !== null && !isHeld(file) ? [file.trouble] : []))
  const isOwn = ({ key }: AgentKey) => files.some(({ publicKey }) => publicKey?.equals(key.getPublicSSH()))
  const usable = route.identitiesOnly ? agent.held.filter(isOwn) : agent.held
  const held = usable.toSorted((a, b) => Number(isOwn(b)) - Number(isOwn(a))).map(({ offer }) => offer)
  return {
    offers: route.keyFile === null ? [...held, ...own] : [...own, ...held],
    unusable: [...agent.trouble, ...unusable],
  }
}

const defaultKeys = (home: string) => ['id_ed25519', 'id_ecdsa', 'id_rsa'].map(name => `${home}/.ssh/${name}`)

const inHome = (path: string, home: string) => (path.startsWith('~/') ? home + path.slice(1) : path)

type AgentKey = Readonly<{ key: ParsedKey; offer: Offer }>
type Agent = Readonly<{ held: readonly AgentKey[]; trouble: readonly string[] }>

const askAgent = (socket: string | null, timeoutMs: number): Promise<Agent> =>
  new Promise(resolve => {
    if (socket === null) return resolve({ held: [], trouble: [] })
    const fail = (reason: string) => resolve({ held: [], trouble: [`the agent at ${socket} ${reason}`] })
    const timer = setTimeout(() => fail('does not answer'), timeoutMs)
    const agent = new ssh2.OpenSSHAgent(socket)
    agent.getIdentities((error, keys) => {
      clearTimeout(timer)
      if (error) return fail(`cannot be used: ${error.message}`)
      // It hands them out parsed, whatever its type says.
      const held = (keys ?? []) as ParsedKey[]
      resolve({ held: held.map(key => ({ key, offer: offerOfAgent(agent, key) })), trouble: [] })
    })
  })

const offerOfAgent = (agent: OpenSSHAgent, key: ParsedKey): Offer => ({
  label: `the agent's ${key.comment || key.type} (${fingerprintOf(key.getPublicSSH())})`,
  method: username => ({ type: 'agent', username, agent: new OneKeyAgent(agent, key) }),
})

/** ssh2 would try all keys of an agent in one go: no order, no names for what was tried. */
class OneKeyAgent extends ssh2.BaseAgent<ParsedKey> {
  constructor(agent: OpenSSHAgent, key: ParsedKey) {
    super()
    this.getIdentities = then => then(null, [key])
    this.sign = agent.sign.bind(agent)
  }
  override getIdentities: OpenSSHAgent['getIdentities']
  override sign: OpenSSHAgent['sign']
}

type KeyFile = Readonly<{ publicKey: Buffer | null; offer: Offer | null; trouble: string | null }>

/** A missing file is trouble only where somebody named it. */
const readKey = async (path: string, isNamed: boolean): Promise<KeyFile> => {
  const text = await readFile(path).catch((error: NodeJS.ErrnoException) => error)
  if (text instanceof Error) {
    const isMissing = text.code === 'ENOENT'
    const trouble = isMissing ? `there is no ${path}` : `${path} cannot be read: ${text.message}`
    return { publicKey: null, offer: null, trouble: isMissing && !isNamed ? null : trouble }
  }
  const key = ssh2.utils.parseKey(text)
  if (key instanceof Error) return { publicKey: await readPublicHalf(path), offer: null, trouble: wordsFor(path, key) }
  const publicKey = key.getPublicSSH()
  if (!key.isPrivateKey()) {
    return { publicKey, offer: null, trouble: `${path} is a public key, and the agent does not hold its other half` }
  }
  return {
    publicKey,
    offer: { label: path, method: username => ({ type: 'publickey', username, key }) },
    trouble: null,
  }
}

const readPublicHalf = async (path: string): Promise<Buffer | null> => {
  const text = await readFile(`${path}.pub`).catch(() => null)
  const key = text === null ? null : ssh2.utils.parseKey(text)
  return key === null || key instanceof Error ? null : key.getPublicSSH()
}

const wordsFor = (path: string, { message }: Error): string =>
  /encrypted/i.test(message)
    ? `${path} is encrypted and no agent holds it: ssh-add ${path}`
    : `${path} is not a usable key: ${message}`
