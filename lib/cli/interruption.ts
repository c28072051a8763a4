/** Ctrl-C, TERM and HUP: the first one asks the run to finish what it has begun, the second leaves at once. */
import { exitCodes } from '../model/exit-code.js'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export const interruption = (
  onFirst: () => void,
  onSecond: () => void,
): Readonly<{ signal: AbortSignal; stop: () => void }> => {
  const controller = new AbortController()
  const onSignal = (): void => {
    if (controller.signal.aborted) {
      onSecond()
      process.exit(exitCodes.interrupted)
    }
    controller.abort()
    onFirst()
  }
  for (const name of signals) process.on(name, onSignal)
  return {
    signal: controller.signal,
    stop: () => {
      for (const name of signals) process.off(name, onSignal)
    },
  }
}
