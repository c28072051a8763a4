/** The sights of a service that is starting, one after the other: each as soon as it may differ from the one before. */
import type { Clock } from '../model/clock.js'
import type { PortWait } from '../observe/port-wait.js'
import { pace } from './pace.js'
import type { Looking, Sight } from './readiness.js'

/** Looks while a port is closed cannot find it running: they only tell how far it is. */
const quickestMs = 100
const slowestMs = 1000
/** Looks once a second are as good from then on, and cost the host less. */
const worthwhileMs = 10_000

/**
 * While it waits for its ports it is looked at when one has opened, as far as the host itself can tell; else at a pace.
 * Null once that time has come.
 */
export const sightsOf = (
  { look, lookOnceOpen }: Looking,
  clock: Clock,
): ((untilMs: number) => Promise<Sight | null>) => {
  const sinceMs = clock.now()
  const next = pace(clock)
  let closed: readonly number[] = []
  let isDeaf = false

  const waited = async (untilMs: number): Promise<Sight | null> => {
    const nowMs = clock.now()
    const goneMs = nowMs - sinceMs
    if (isDeaf || closed.length === 0 || goneMs > worthwhileMs || nowMs >= untilMs) return null
    const wait = waitAfter(goneMs, closed, untilMs - nowMs)
    const sight = await lookOnceOpen(wait)
    // It knows of no ports, or of others by these numbers: without a pause this would never end.
    isDeaf = sight !== null && clock.now() - nowMs < wait.withinMs && closedIn(sight).length === closed.length
    return sight
  }

  return async untilMs => {
    const sight = (await waited(untilMs)) ?? ((await next(untilMs)) ? await look() : null)
    if (sight !== null) closed = closedIn(sight)
    return sight
  }
}

/** Each as long as all before; what opens is noticed when at most a fortieth more of the time has gone by. */
const waitAfter = (goneMs: number, ports: readonly number[], leftMs: number): PortWait => {
  const withinMs = Math.min(Math.max(goneMs, quickestMs), slowestMs, leftMs)
  return { ports, withinMs, everyMs: Math.max(Math.round(goneMs / 40), 25) }
}

/** Of what could not be seen nothing is known to be closed. */
const closedIn = (sight: Sight): readonly number[] =>
  sight._tag === 'Unseen'
    ? []
    : sight.verdict.evidence.ports.filter(({ open }) => !open).map(({ wanted: { port } }) => port)
