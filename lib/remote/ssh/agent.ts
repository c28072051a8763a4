/** The keys that an agent holds. */
import ssh2, { type OpenSSHAgent, type ParsedKey } from 'ssh2'

export type AgentKey = Readonly<{ key: ParsedKey; agent: ssh2.BaseAgent<ParsedKey> }>
type Agent = Readonly<{ held: readonly AgentKey[]; trouble: readonly string[] }>

export const askAgent = (socket: string | null, timeoutMs: number): Promise<Agent> =>
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
      resolve({ held: held.map(key => ({ key, agent: new OneKeyAgent(agent, key) })), trouble: [] })
    })
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
