/** Hosts in memory, for tests of programs that use this library. */

import type { HostText } from '../model/observation.js'
import type { AskFromHere } from '../remote/check.js'
import { type SimulatedHost, simulatedHost } from '../remote/simulated/host.js'
import { virtualClock } from '../remote/simulated/virtual-clock.js'
import { simulatedTransport } from '../remote/simulated.js'
import type { RunOptions } from './run-options.js'

/** `options` are for any function that connects: no host is real, no time passes, and nothing is written to disk. */
export type Simulation = Readonly<{ hosts: ReadonlyMap<string, SimulatedHost>; options: RunOptions }>

/**
 * Hosts by these names: empty, sound, and without any delay. What is on them, what commands do there, how long they take
 * and how they fail can be changed at any time. They know one user and no locks. Waits are over at once, by a clock that
 * jumps; hooks of the controller run on one more host, `controller`; checks that are asked from here are answered by the
 * `check` of that.
 */
export const simulate = (...names: readonly string[]): Simulation => {
  const clock = virtualClock()
  const hosts = new Map([...names, controllerName].map(name => [name, simulatedHost(name, clock)]))
  const controller = hosts.get(controllerName)
  const askFromHere: AskFromHere = async check => {
    const asked = check._tag === 'Http' ? check.url : String(check.place.port)
    const { code, body } = controller?.check(asked) ?? noAnswer
    if (code !== 0) return { _tag: 'No', why: `nobody answers for ${asked}` }
    return check._tag === 'Http' ? { _tag: 'Http', status: 200, body: body as HostText } : { _tag: 'Yes' }
  }
  const transport = simulatedTransport(hosts.values())
  return { hosts, options: { transport, controller: transport, clock, askFromHere, journal: null, lock: false } }
}

const controllerName = 'controller'
const noAnswer = { code: 127, body: '' }
