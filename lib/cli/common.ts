/** What all commands share: their options, and how mistakes are said. */
import { statSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import type { BecomeWish } from '../model/become.js'
import { type ExitCode, exitCodes } from '../model/exit-code.js'
import type { SourcePos } from '../model/place.js'
import type { InputProblems } from '../model/problem.js'
import type { Template } from '../model/template.js'
import { diskFiles } from '../read/files.js'
import type { YamlNode } from '../read/node.js'
import { isEnvelope } from '../read/vault-cipher.js'
import { eventLine } from '../report/json.js'
import { problemData, problemReport } from '../report/problems.js'
import { styleFor } from '../report/style.js'
import type { AccessOptions } from './access.js'
import type { AgreementOptions } from './agreement.js'
import type { BecomeOptions } from './become-options.js'
import type { EventFileOptions } from './event-files.js'
import type { ReachOptions } from './reach-options.js'
import type { RolloutOptions } from './rollout-options.js'
import type { VaultOptions } from './vault-keys.js'
import { wantsColour } from './window.js'

export type CommonOptions = Readonly<{
  /** What `-i` names, in order. */
  inventory: readonly string[]
  limit?: string
  /** A past run: only the hosts that it did not bring to their end, which are then `only`. */
  retry?: string
  only?: readonly string[]
  extraVars?: readonly string[]
  forks: number
  maxAnswer: number
  json?: true
  /** As many as there are `v`. */
  verbose?: number
  shipped: string
  playbookDir?: string
  /** Variables that `ansible.cfg` gives to hosts of which the inventory says nothing else. */
  defaults: ReadonlyMap<string, YamlNode>
  /** As whom things are done where nothing but `ansible.cfg` says it. */
  configured?: BecomeWish<Template>
}> &
  ReachOptions &
  AccessOptions &
  BecomeOptions &
  VaultOptions

/** What acts can be told besides. `plan`: only show what would be done. */
export type ActOptions = CommonOptions &
  AgreementOptions &
  RolloutOptions &
  PlanOptions &
  EventFileOptions &
  Readonly<{ lockTimeout: number; stopSurvivors?: true; plan?: true }>

/** How a plan is shown. `detailedExitcode`: whether something is to be done decides how it ends.
 * `out`: the file that it is saved in. */
export type PlanOptions = Readonly<{ detailedExitcode?: true; diff?: true; out?: string }>

/** Mistakes in the input: all of them, before any connection. */
export const refuse = (problems: InputProblems, { json }: Pick<CommonOptions, 'json'>): ExitCode => {
  const count = problems.length === 1 ? 'one mistake' : `${problems.length} mistakes`
  const end = ['', `steward: ${count} in the input; nothing was connected to.`]
  if (json) console.log(eventLine({ _tag: 'InputRefused', atMs: Date.now(), problems: problemData(problems) }))
  else console.error([...problemReport(problems, lineReader()), ...end].join('\n'))
  return exitCodes.badInput
}

/** Of files as they are now; a pipe has been read and is empty by now. */
export const lineReader = (): ((at: SourcePos) => string | null) => {
  const texts = new Map<string, string | null>()
  const textOf = (file: string): string | null => {
    if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return null
    const text = diskFiles.read(file)
    // The lines of what is encrypted are not those of the file.
    return E.isRight(text) && !isEnvelope(text.right) ? text.right : null
  }
  return ({ file, line }) => {
    const text = texts.has(file) ? texts.get(file) : textOf(file)
    texts.set(file, text ?? null)
    return typeof text === 'string' ? lineIn(text, line) : null
  }
}

/** Null where lines end otherwise than by a line feed, so that they are not counted alike. */
const lineIn = (text: string, number: number): string | null => {
  let start = 0
  for (let line = 1; line < number; line += 1) {
    start = text.indexOf('\n', start) + 1
    if (start === 0) return null
  }
  const end = text.indexOf('\n', start)
  const line = text.slice(start, end < 0 ? undefined : end).replace(/\r$/, '')
  return line.includes('\r') ? null : line
}

export const style = () => styleFor(wantsColour(process.env, process.stdout.isTTY === true))
