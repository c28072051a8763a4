/** Looks at this machine by the real probe. */
import type { HostName } from '../../lib/model/names.js'
import type { Listener, Observation, Process, Seen } from '../../lib/model/observation.js'
import { readObservation } from '../../lib/observe/observation.js'
import { bareRequest, type ProbeRequest, probeScript } from '../../lib/observe/probe.js'
import { rightOf } from './either.js'
import { here, type Run, scriptOf } from './shells.js'

export const lookAt = async (request: Partial<ProbeRequest> = {}, run: Run = here): Promise<Observation> => {
  const nonce = crypto.randomUUID().replaceAll('-', '')
  const whole = { ...bareRequest, ...request }
  const { stdout } = await run(scriptOf(probeScript(nonce, whole)))
  return rightOf(readObservation('here' as HostName, nonce, whole, stdout, Date.now()))
}

export const processesIn = ({ processes }: Observation): readonly Process[] => {
  if (processes._tag === 'Unseen') throw new Error(processes.why)
  return processes.value
}

/** What the kernel tells of it too, and in the same words as `truthOf`. */
export const seenOf = (observation: Observation, wanted: number) => {
  const process = processesIn(observation).find(({ pid }) => pid === wanted)
  if (process === undefined) throw new Error(`pid ${wanted} was not seen`)
  const { pid, ppid, uid, startTicks, args } = process
  return { pid, ppid, uid, startTicks, args }
}

export const listenersOn = ({ listeners }: Observation, port: number): readonly Listener[] => {
  if (listeners._tag === 'Unseen') throw new Error(listeners.why)
  return listeners.value.filter(listener => listener.port === port)
}

/** By which tools; or why it was not seen. */
export const seenBy = (seen: Seen<unknown>): string => (seen._tag === 'Seen' ? seen.by : `unseen: ${seen.why}`)
