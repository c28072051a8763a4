/** Asks the person at the terminal for a yes; whatever else is typed, and an end of it all, is a no. */
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'

export const isAtTerminal = (): boolean => process.stdin.isTTY === true && process.stderr.isTTY === true

/** The terminal keeps its own ways: Ctrl-C interrupts the run as at any other time, and then it is a no too. */
export const askYes = async (question: string, signal: AbortSignal): Promise<boolean> =>
  (await dropTyped(process.stdin)) && answerTo(question, signal)

/**
 * What was typed before a question was shown is no answer to it. A raw terminal hands out a line not ended yet too. False
 * where there is no end of it: whoever types like that reads nothing.
 */
const dropTyped = async (terminal: NodeJS.ReadStream): Promise<boolean> => {
  let isQuiet = false
  const drop = (typed: Buffer): void => {
    isQuiet = false
    if (typed.includes(interrupt)) process.kill(process.pid, 'SIGINT')
  }
  terminal.setRawMode(true)
  terminal.on('data', drop)
  for (let tries = 0; !isQuiet && tries < mostTries; tries += 1) {
    isQuiet = true
    await delay(quietMs)
  }
  terminal.off('data', drop)
  terminal.pause()
  terminal.setRawMode(false)
  return isQuiet
}

const quietMs = 20
const mostTries = 50

/** Ctrl-C, which a raw terminal makes no signal of. */
const interrupt = 0x03

const answerTo = (question: string, signal: AbortSignal): Promise<boolean> =>
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
