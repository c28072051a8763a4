/** What the steps of a play, and the gate behind them, are given. */
import { servicesByHost } from '../decide/plan.js'
import { groupBy } from '../model/group-by.js'
import type { HostName } from '../model/names.js'
import { stepId } from '../model/plan.js'
import { type ExpandedPlay, servicesOf } from '../model/playbook.js'
import { askFromHere as askOverOurNetwork } from '../remote/check.js'
import { localTransport } from '../remote/local.js'
import { Availability } from './availability.js'
import type { PlaySoFar, Stopped } from './batch-end.js'
import type { GateContext } from './gate.js'
import type { HostSlots } from './host-slots.js'
import { noJournal } from './journal/journal.js'
import type { Sessions } from './observe-hosts.js'
import { type EndedPlay, isGood } from './outcome.js'
import type { PlayContext } from './play.js'
import type { RunContext } from './run-context.js'
import { runHereOver } from './run-here.js'

type Playing = Readonly<{
  play: ExpandedPlay
  /** Which of the plan's plays it is, from 0; a rollback is none. */
  number: number | null
  ended: readonly EndedPlay[]
  sessions: Sessions
  slots: HostSlots
  soFar: PlaySoFar
  stopped: Stopped | null
}>

export const playContextOf = (
  { play, number, ended, sessions, slots, soFar, stopped }: Playing,
  { clock, emit, signal, journal = noJournal, controller = localTransport }: RunContext,
): PlayContext => {
  const { part, desired, witnesses = [] } = play
  const services = desired.map(({ service }) => service)
  const counted = [...services, ...witnesses].filter(({ maxUnavailable }) => maxUnavailable !== null)
  const neighbours = servicesByHost(servicesOf(play))
  const interrupted = () => signal?.aborted ?? false
  const whyStopped = stopped === null ? null : `the rollout was stopped: ${stopped.own}`
  return {
    sessions,
    services: new Map(services.map(service => [stepId(service), service])),
    neighbours,
    slots,
    clock,
    emit: number === null ? emit : fact => emit('id' in fact ? { ...fact, play: number } : fact),
    journal,
    acts: soFar.acts,
    runHere: runHereOver(controller),
    interrupted,
    availability: new Availability(
      groupBy(counted, ({ name }) => name),
      {
        sessions,
        neighbours,
        slots,
        clock,
        interrupted,
      },
    ),
    lostHosts: lostIn(ended),
    earlier: soFar.outcomes,
    whySpent: () => whyStopped ?? (part === undefined ? null : soFar.losses.whySpent(part)),
    onOutcome: ({ host }, outcome) => soFar.losses.note(host, outcome),
  }
}

export const gateContextOf = (
  { slots, runHere, interrupted }: PlayContext,
  { clock, askFromHere }: RunContext,
): GateContext => ({ clock, slots, runHere, interrupted, askFromHere: askFromHere ?? askOverOurNetwork })

const lostIn = (ended: readonly EndedPlay[]): ReadonlySet<HostName> =>
  new Set(
    ended.flatMap(({ planned, outcomes }) =>
      planned.steps.flatMap(({ id, host }) => {
        const outcome = outcomes.get(id)
        return outcome === undefined || isGood(outcome) ? [] : [host]
      }),
    ),
  )
