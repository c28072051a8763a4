/** Ctrl-C, TERM and HUP: the first one asks the run to finish what it has begun, the second leaves at once. */
import { exitCodes } from '../model/exit-code.js'
import { leaveTerminal } from './terminal.js'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** A terminal that goes is told of twice, by its shell and by the kernel: no HUP is anybody's second word. */
export const interruption = (
  onFirst: () => void,
  onSecond: () => void,
): Readonly<{ signal: AbortSignal; stop: () => void }> => {
  const controller = new AbortController()
  const onSignal = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) {
      if (name === 'SIGHUP') return
      onSecond()
      leaveTerminal()
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
