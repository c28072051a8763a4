/** `steward lint`: mistakes, and what is legal and unwise; nothing is connected to. */
import * as E from 'fp-ts/lib/Either.js'
import { lintPlays } from '../decide/lint/lint.js'
import { type ExitCode, exitCodes } from '../model/exit-code.js'
import { isSilenced, type LintWarning } from '../model/lint.js'
import type { ExpandedPlay, Expansion } from '../model/playbook.js'
import { distinct, type InputProblems } from '../model/problem.js'
import type { Files } from '../read/files.js'
import { isPlaybook } from '../read/playbook.js'
import { plural } from '../report/columns.js'
import { toJson } from '../report/json.js'
import { lintReport } from '../report/lint.js'
import { lineReader, refuse } from './common.js'
import { type InputOptions, readRun, readStatus } from './input.js'
import { filesWithVault, type VaultOptions } from './vault-keys.js'

type LintOptions = InputOptions & VaultOptions & Readonly<{ strict?: true; json?: true }>

/** `paths`: playbooks and catalogs; without any, those in `playbooks` and the catalogs that `status` finds. */
export const lintCommand = async (paths: readonly string[], options: LintOptions): Promise<ExitCode> => {
  const files = await filesWithVault(options)
  if (E.isLeft(files)) return refuse(files.left, options)
  const plays = readAll(paths, files.right, options)
  if (E.isLeft(plays)) return refuse(plays.left, options)
  const lineAt = lineReader()
  const warnings = lintPlays(plays.right).filter(({ rule, at }) => !isSilenced(rule, lineAt(at)))
  if (options.json) console.log(toJson({ warnings }))
  else console.log([...lintReport(warnings, lineAt), ...summary(warnings, plays.right)].join('\n'))
  return warnings.length > 0 && options.strict ? exitCodes.badInput : exitCodes.ok
}

/** The mistakes of all files are reported together. */
const readAll = (
  paths: readonly string[],
  files: Files,
  options: LintOptions,
): E.Either<InputProblems, readonly ExpandedPlay[]> => {
  const given = { ...options, files }
  const all = paths.length > 0 ? paths : files.yamlFilesIn('playbooks')
  const playbooks = all.filter(path => isPlaybook(files, path))
  const catalogs = paths.filter(path => !playbooks.includes(path))
  const read: readonly E.Either<InputProblems, Expansion>[] = [
    ...playbooks.map(path => readRun(path, given)),
    ...(catalogs.length > 0 || paths.length === 0 ? [readStatus(catalogs, given)] : []),
  ]
  const [first, ...rest] = distinct(read.flatMap(one => (E.isLeft(one) ? one.left : [])))
  if (first !== undefined) return E.left([first, ...rest])
  return E.right(read.flatMap(one => (E.isRight(one) ? one.right.plays : [])))
}

/** What was looked at is counted: no warning about no service would say nothing. */
const summary = (warnings: readonly LintWarning[], plays: readonly ExpandedPlay[]): readonly string[] => {
  const services = plays.flatMap(({ desired, prerequisites }) => [
    ...desired.map(({ service }) => service),
    ...prerequisites,
  ])
  const names = new Set(services.map(({ name }) => name))
  const hosts = new Set(services.map(({ host }) => host))
  const looked = `${plural(names.size, 'service')} on ${plural(hosts.size, 'host')}`
  const found = warnings.length === 0 ? 'nothing unwise' : plural(warnings.length, 'warning')
  return [...(warnings.length === 0 ? [] : ['']), `steward: ${found} in ${looked}; nothing was connected to.`]
}
