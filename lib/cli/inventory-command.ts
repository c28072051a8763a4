/** `steward inventory`: the inventory as `ansible-inventory` shows it. */
import * as E from 'fp-ts/lib/Either.js'
import { type ExitCode, exitCodes } from '../model/exit-code.js'
import type { InputProblem } from '../model/problem.js'
import { strictly } from '../read/document.js'
import { surveyListing } from '../read/listing.js'
import { graphLines, hostText, listText } from '../report/inventory.js'
import { refuse } from './common.js'
import { filesWithVault, type VaultOptions } from './vault-keys.js'

type Options = Readonly<{
  inventory: readonly string[]
  playbookDir?: string
  list?: true
  graph?: true
  host?: string
}> &
  VaultOptions

/** `group`: where the graph begins. */
export const inventoryCommand = async (group: string, options: Options): Promise<ExitCode> => {
  const { list, graph, host } = options
  if ([list, graph, host].filter(one => one !== undefined).length !== 1) {
    return refuse([{ _tag: 'BadUsage', reason: 'one of --list, --graph and --host NAME is needed' }], {})
  }
  const files = await filesWithVault(options)
  if (E.isLeft(files)) return refuse(files.left, {})
  const listing = strictly(surveyListing(files.right, options.inventory, options))
  if (E.isLeft(listing)) return refuse(listing.left, {})
  const { groups, hosts, localhost } = listing.right
  if (list) console.log(listText(listing.right))
  if (graph) {
    if (!groups.has(group)) return refuse([unknown(group, [...groups.keys()])], {})
    console.log(graphLines(listing.right, group).join('\n'))
  }
  if (host !== undefined) {
    const variables = hosts.get(host) ?? localhost.get(host)
    if (variables === undefined) return refuse([unknown(host, [...hosts.keys()])], {})
    console.log(hostText(variables))
  }
  return exitCodes.ok
}

const unknown = (pattern: string, known: readonly string[]): InputProblem => ({
  _tag: 'UnknownHost',
  at: null,
  pattern,
  known,
})
