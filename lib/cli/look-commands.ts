/** The commands that look and change nothing: status, explain, probe. */
import * as E from 'fp-ts/lib/Either.js'
import { findService } from '../api/find-service.js'
import { hide } from '../api/hiding.js'
import { lookIdentity } from '../decide/become.js'
import type { HostService } from '../model/catalog.js'
import { type ExitCode, exitCodes } from '../model/exit-code.js'
import type { Expansion } from '../model/playbook.js'
import type { InputProblems } from '../model/problem.js'
import { remoteErrorInWords } from '../model/remote-error.js'
import type { Verdict } from '../model/verdict.js'
import { writeSavedLook } from '../observe/saved-look.js'
import { draftYaml } from '../report/draft.js'
import { explanationLines } from '../report/explain.js'
import { toJson } from '../report/json.js'
import { printable, printableLines } from '../report/printable.js'
import { statusLines } from '../report/status.js'
import { discover } from '../run/discover.js'
import { explainService } from '../run/explain.js'
import { requestFor } from '../run/probe-request.js'
import type { RunContext } from '../run/run-context.js'
import { saveLook } from '../run/save-look.js'
import { type ServiceStatus, statusOf } from '../run/status.js'
import { type Access, askForAccess } from './access.js'
import { type CommonOptions, refuse, style } from './common.js'
import { contextFor } from './context.js'
import { type InputOptions, readHosts, readSavedLooks, readStatus } from './input.js'
import { silentScreen } from './screen.js'
import { filesWithVault } from './vault-keys.js'
import { fitted, shownColumns } from './window.js'

export type LookOptions = CommonOptions & Readonly<{ catalog?: readonly string[]; replay?: readonly string[] }>

/** `names`: only of these services, if there are any. */
export const statusCommand = async (
  names: readonly string[],
  options: LookOptions & Readonly<{ detailedExitcode?: true }>,
): Promise<ExitCode> => {
  const input = await readLooking(options, names)
  if (E.isLeft(input)) return refuse(input.left, options)
  const { expansion, access, context } = input.right
  const all = hide(await statusOf(expansion, context), expansion, access)
  const rows = names.length === 0 ? all : all.filter(({ service }) => names.includes(service))
  if (options.json) console.log(toJson(rows.map(plainStatus)))
  else console.log(fitted(statusLines(rows, style(), shownColumns())).join('\n'))
  if (rows.some(({ verdict }) => E.isLeft(verdict))) return exitCodes.unreachable
  const isAllRunning = rows.every(({ verdict }) => E.isRight(verdict) && verdict.right._tag === 'running')
  return options.detailedExitcode && !isAllRunning ? exitCodes.pending : exitCodes.ok
}

export const explainCommand = async (name: string, options: LookOptions): Promise<ExitCode> => {
  // What it requires may live on hosts that a limit would leave out.
  const { limit: _, ...unlimited } = options
  const input = await readLooking(unlimited)
  if (E.isLeft(input)) return refuse(input.left, options)
  const { expansion, access, context } = input.right
  const service = findService(name, expansion)
  if (E.isLeft(service)) return refuse(service.left, options)
  const explanation = await explainService(service.right, expansion, context)
  if (E.isLeft(explanation)) {
    console.error(printable(`steward: ${service.right.host} could not be looked at: ${explanation.left}`))
    return exitCodes.unreachable
  }
  const shown = hide(explanation.right, expansion, access)
  if (options.json) console.log(toJson(shown))
  else console.log(fitted(explanationLines(shown, style())).join('\n'))
  return exitCodes.ok
}

/** The answer of one host as it came; on a terminal it is escaped, as nobody knows what a host says. */
export const probeCommand = async (host: string, options: LookOptions): Promise<ExitCode> => {
  const files = await filesWithVault(options)
  if (E.isLeft(files)) return refuse(files.left, options)
  const hosts = readHosts([host], { ...options, files: files.right })
  if (E.isLeft(hosts)) return refuse(hosts.left, options)
  const [route, ...more] = hosts.right.routes
  if (route === undefined || more.length > 0) {
    return refuse([{ _tag: 'BadUsage', reason: `${host} is ${more.length + 1} hosts; probe looks at one` }], options)
  }
  const services = servicesOn(route[0], { ...options, files: files.right })
  const as = lookIdentity(hosts.right.lookAs.get(route[0]) ?? null, services)
  const request = { ...requestFor([], services), links: true }
  const access = await askForAccess(hosts.right, options)
  if (E.isLeft(access)) return refuse(access.left, options)
  const saved = await saveLook(route[0], route[1], request, contextFor(options, access.right, silentScreen), as)
  if (E.isLeft(saved)) {
    console.error(printable(`steward: ${host} could not be looked at: ${remoteErrorInWords(saved.left)}`))
    return exitCodes.unreachable
  }
  const text = writeSavedLook(saved.right)
  if (process.stdout.isTTY) console.log(printableLines(text).join('\n'))
  else process.stdout.write(text)
  return exitCodes.ok
}

/** A catalog on stdout; what could not be looked at is said on stderr. */
export const discoverCommand = async (patterns: readonly string[], options: CommonOptions): Promise<ExitCode> => {
  const files = await filesWithVault(options)
  if (E.isLeft(files)) return refuse(files.left, options)
  const hosts = readHosts(patterns, { ...options, files: files.right })
  if (E.isLeft(hosts)) return refuse(hosts.left, options)
  const access = await askForAccess(hosts.right, options)
  if (E.isLeft(access)) return refuse(access.left, options)
  const context = contextFor(options, access.right, silentScreen)
  const { drafts, leftOut, unreachable, takenAtMs } = await discover(hosts.right, context)
  if (options.json) console.log(toJson({ drafts, leftOut, unreachable }))
  else if (unreachable.size < hosts.right.routes.size) process.stdout.write(draftYaml(drafts, leftOut, takenAtMs))
  for (const [host, why] of unreachable) console.error(printable(`steward: ${host} could not be looked at: ${why}`))
  return unreachable.size > 0 ? exitCodes.unreachable : exitCodes.ok
}

/** What the catalogs say of a host says what to look for there; a host can be looked at without any. */
const servicesOn = (host: string, options: LookOptions & Pick<InputOptions, 'files'>): readonly HostService[] => {
  const { limit: _, ...unlimited } = options
  const expansion = readStatus(options.catalog ?? [], unlimited)
  if (E.isLeft(expansion)) return []
  return expansion.right.plays.flatMap(({ prerequisites }) => prerequisites).filter(service => service.host === host)
}

type Looking = Readonly<{ expansion: Expansion; access: Access; context: RunContext }>

const readLooking = async (
  options: LookOptions,
  names: readonly string[] = [],
): Promise<E.Either<InputProblems, Looking>> => {
  const files = await filesWithVault(options)
  if (E.isLeft(files)) return files
  const read = readStatus(options.catalog ?? [], { ...options, files: files.right }, names)
  if (E.isLeft(read)) return read
  const savedLooks = options.replay === undefined ? null : readSavedLooks(options.replay)
  if (savedLooks !== null && E.isLeft(savedLooks)) return savedLooks
  const expansion = savedLooks === null ? read.right : onlyHosts(read.right, savedLooks.right)
  const access = await askForAccess(expansion, options)
  if (E.isLeft(access)) return access
  const context = contextFor(options, access.right, silentScreen)
  return E.right({
    expansion,
    access: access.right,
    context: savedLooks === null ? context : { ...context, savedLooks: savedLooks.right },
  })
}

/** A saved look says something of its own host alone. */
const onlyHosts = (expansion: Expansion, hosts: ReadonlyMap<string, unknown>): Expansion => ({
  ...expansion,
  plays: expansion.plays.map(play => ({
    ...play,
    prerequisites: play.prerequisites.filter(({ host }) => hosts.has(host)),
  })),
  // Nothing is connected to.
  routes: new Map(),
})

const plainStatus = ({ host, service, verdict }: ServiceStatus) =>
  E.isLeft(verdict) ? { host, service, unreachable: verdict.left } : { host, service, ...withoutTag(verdict.right) }

const withoutTag = ({ _tag, ...rest }: Verdict) => ({ verdict: _tag, ...rest })
