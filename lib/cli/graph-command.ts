/** `steward graph`: services and their order as a drawing; nothing is connected to. */
import * as E from 'fp-ts/lib/Either.js'
import { graphServices } from '../decide/service-graph.js'
import { type ExitCode, exitCodes } from '../model/exit-code.js'
import { dotOf } from '../report/dot.js'
import { printable } from '../report/printable.js'
import { svgOf } from '../report/svg.js'
import { refuse } from './common.js'
import { type InputOptions, readRun } from './input.js'
import { replaceFile } from './replace-file.js'
import { filesWithVault, type VaultOptions } from './vault-keys.js'

type GraphFormat = 'dot' | 'svg'
type GraphOptions = InputOptions & VaultOptions & Readonly<{ out?: string; format?: GraphFormat }>

/** DOT, unless the file's name or `format` says otherwise. */
export const graphCommand = async (playbook: string, options: GraphOptions): Promise<ExitCode> => {
  const { out, format = out?.endsWith('.svg') ? 'svg' : 'dot' } = options
  const files = await filesWithVault(options)
  if (E.isLeft(files)) return refuse(files.left, {})
  const expansion = readRun(playbook, { ...options, files: files.right })
  if (E.isLeft(expansion)) return refuse(expansion.left, {})
  const dot = dotOf(graphServices(expansion.right))
  const text = format === 'svg' ? await svgOf(dot) : dot
  if (out === undefined) {
    process.stdout.write(text)
    return exitCodes.ok
  }
  const written = replaceFile(out, text)
  if (E.isRight(written)) return exitCodes.ok
  console.error(printable(`steward: the graph cannot be written to ${out}: ${written.left}`))
  return exitCodes.failed
}
