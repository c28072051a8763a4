/** What `ansible.cfg` and the environment say of how things are done, as an input that a plan is held to. */
import { hashOf } from '../api/remember-inputs.js'
import type { InputFile } from '../model/journal.js'
import type { CommonOptions } from './common.js'

/** None where they say nothing of it. Hashed is what counts, wherever it is written. */
export const settingsInput = ({
  defaults,
  configured,
}: Pick<CommonOptions, 'defaults' | 'configured'>): InputFile[] => {
  const { become = null, user = null, method = null } = configured ?? {}
  const variables = [...defaults].map(([name, node]) => [name, node._tag === 'scalar' ? node.text : null]).sort()
  if (become === null && user === null && method === null && variables.length === 0) return []
  const text = JSON.stringify([become, user?.parts ?? null, method, variables])
  return [{ path: 'what ansible.cfg or the environment says', sha256: hashOf(text) }]
}
