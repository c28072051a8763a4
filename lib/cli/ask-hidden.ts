/** Asks for a secret on the terminal, whatever stdin and stdout are. */
import { closeSync, openSync, writeSync } from 'node:fs'
import { ReadStream } from 'node:tty'
import { exitCodes } from '../model/exit-code.js'
import { Secret } from '../model/secret.js'

/** Nothing that is typed is shown. Null: there is no terminal. Ctrl-C ends the process: nothing has been begun yet. */
export const askHidden = async (question: string): Promise<Secret | null> => {
  const fd = openTerminal()
  if (fd === null) return null
  const terminal = new ReadStream(fd)
  // Before the question: whoever answers at once is not shown either.
  terminal.setRawMode(true)
  say(question)
  const typed = await readLine(terminal)
  terminal.setRawMode(false)
  terminal.destroy()
  say('\n')
  if (typed === null) process.exit(exitCodes.interrupted)
  return new Secret(typed)
}

const openTerminal = (): number | null => {
  try {
    return openSync('/dev/tty', 'r+')
  } catch {
    return null
  }
}

/** Through a door of its own: the one that is read may be set not to wait. */
const say = (text: string): void => {
  const fd = openSync('/dev/tty', 'w')
  writeSync(fd, text)
  closeSync(fd)
}

/** Null: given up. What a terminal does with a line when it is not raw is done here: there it would show it. */
const readLine = (terminal: ReadStream): Promise<string | null> =>
  new Promise(resolve => {
    let typed: readonly string[] = []
    terminal.on('end', () => resolve(null))
    terminal.on('error', () => resolve(null))
    terminal.setEncoding('utf8').on('data', text => {
      for (const letter of String(text)) {
        if (letter === '\u0003') return resolve(null)
        if (letter === '\r' || letter === '\n' || letter === '\u0004') return resolve(typed.join(''))
        if (letter === '\u007f' || letter === '\b') typed = typed.slice(0, -1)
        else if (letter === '\u0015') typed = []
        else typed = [...typed, letter]
      }
    })
  })
