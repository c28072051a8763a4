/** The functions that look and change nothing. */
import * as E from 'fp-ts/lib/Either.js'
import type { HostName } from '../model/names.js'
import type { Looks, Observation } from '../model/observation.js'
import type { Plan } from '../model/plan.js'
import type { Verdict } from '../model/verdict.js'
import { systemClock } from '../run/clock.js'
import { looksFor } from '../run/observe-hosts.js'
import { planRun } from '../run/run.js'
import type { RunContext } from '../run/run-context.js'
import { statusOf } from '../run/status.js'
import { type CatalogInput, type PlaybookInput, type RestartInput, readInput, readWanted } from './input.js'
import { contextOf, hiderFor, type LookOptions } from './options.js'
import { until } from './until.js'

/** What was seen on a host, or why it could not be looked at. */
export type HostLook = Readonly<{ host: string }> &
  (Readonly<{ observation: Observation; unreachable: null }> | Readonly<{ observation: null; unreachable: string }>)

/** What is so of a service on a host, or why it could not be looked at. */
export type ServiceStatus = Readonly<{ host: string; service: string }> &
  (Readonly<{ verdict: Verdict; unreachable: null }> | Readonly<{ verdict: null; unreachable: string }>)

/** What the judging functions may be given: looks that were taken before, for the same input. No host is then connected to. */
export type JudgeOptions = LookOptions & Readonly<{ looks?: readonly HostLook[] }>

/**
 * Looks at every host that the input is about, and judges nothing. What is seen is as the host has it: text that is not
 * to be trusted, and command lines that may hold a secret which is not hidden here. Rejects with an `InputError`.
 */
export const observe = (input: PlaybookInput | CatalogInput, options: LookOptions = {}): Promise<readonly HostLook[]> =>
  looking(input, options, async (expansion, context) => {
    const looks = await looksFor(expansion, context)
    const hide = hiderFor(expansion, options.access ?? {})
    return [...looks].map(([host, look]) => hostLook([host, E.mapLeft(hide<string>)(look)]))
  })

/**
 * What `run` or `restart` would do now, and why: data without secrets, which `apply` takes. Changes nothing. Rejects with an
 * `InputError`; a host that is out of reach is in the plan, with its reason.
 */
export const plan = async (input: PlaybookInput | RestartInput, options: JudgeOptions = {}): Promise<Plan> => {
  const { clock = systemClock } = options
  const { expansion } = readWanted('playbook' in input ? input : { startedAfterMs: clock.now(), ...input })
  const planned = await lookingBy(expansion, options, context => planRun(expansion, withLooks(context, options)))
  return hiderFor(expansion, options.access ?? {})(planned)
}

/** Every service of the catalogs on each of its hosts: what is so, with the evidence. Rejects with an `InputError`. */
export const status = (input: CatalogInput, options: JudgeOptions = {}): Promise<readonly ServiceStatus[]> => {
  // With a playbook beside them, it would be about that and say nothing.
  const { playbook: _, ...services } = input as CatalogInput & Partial<PlaybookInput>
  return looking(services, options, async (expansion, context) => {
    const rows = await statusOf(expansion, withLooks(context, options))
    const hide = hiderFor(expansion, options.access ?? {})
    return rows.map(row => hide(serviceStatus(row)))
  })
}

export const serviceStatus = ({
  host,
  service,
  verdict,
}: Readonly<{ host: string; service: string; verdict: E.Either<string, Verdict> }>): ServiceStatus =>
  E.isLeft(verdict)
    ? { host, service, verdict: null, unreachable: verdict.left }
    : { host, service, verdict: verdict.right, unreachable: null }

type Expansion = ReturnType<typeof readInput>['expansion']

export const looking = async <A>(
  input: PlaybookInput | CatalogInput,
  options: LookOptions,
  look: (expansion: Expansion, context: RunContext) => Promise<A>,
): Promise<A> => {
  const { expansion } = readInput(input)
  return lookingBy(expansion, options, context => look(expansion, context))
}

const lookingBy = async <A>(
  expansion: Expansion,
  options: LookOptions,
  look: (context: RunContext) => Promise<A>,
): Promise<A> => {
  const context = await contextOf(expansion, options)
  return until(options.signal, context.transport, transport => look({ ...context, transport }))
}

const hostLook = ([host, look]: readonly [HostName, E.Either<string, Observation>]): HostLook =>
  E.isLeft(look)
    ? { host, observation: null, unreachable: look.left }
    : { host, observation: look.right, unreachable: null }

export const withLooks = (context: RunContext, { looks }: JudgeOptions): RunContext => {
  if (looks === undefined) return context
  const savedLooks: Looks = new Map(
    looks.map(({ host, observation, unreachable }) => [
      host as HostName,
      observation === null ? E.left(unreachable) : E.right(observation),
    ]),
  )
  return { ...context, savedLooks }
}
