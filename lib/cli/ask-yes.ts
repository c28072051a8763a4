/** Asks the person at the terminal for a yes; whatever else is typed, and an end of it all, is a no. */
import { createInterface } from 'node:readline'

export const isAtTerminal = (): boolean => process.stdin.isTTY === true && process.stderr.isTTY === true

/** The terminal keeps its own ways: Ctrl-C interrupts the run as at any other time, and then it is a no too. */
export const askYes = (question: string, signal: AbortSignal): Promise<boolean> =>
  new Promise(resolve => {
    process.stderr.write(`${question} [y/N] `)
    const lines = createInterface({ input: process.stdin, terminal: false })
    const settle = (isYes: boolean): void => {
      resolve(isYes)
      signal.removeEventListener('abort', giveUp)
      lines.close()
      process.stdin.pause()
    }
    const giveUp = (): void => settle(false)
    lines.once('line', line => settle(/^y(es)?$/i.test(line.trim())))
    lines.once('close', giveUp)
    signal.addEventListener('abort', giveUp)
    if (signal.aborted) giveUp()
  })
