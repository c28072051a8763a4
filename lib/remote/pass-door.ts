/** The way through a door: waits for the shell behind it, and answers if it is asked for the password on the way. */
import type { Writable } from 'node:stream'
import type { RemoteError } from '../model/remote-error.js'
import type { Door } from './transport.js'

export type Passage = Readonly<{
  /** Begins; to be called once, when the login's shell is there. */
  enter: () => void
  /** Null until the shell behind the door is there; then what it has printed since, once. For ever null once given up. */
  onStdout: (chunk: Buffer) => Buffer | null
  onStderr: (chunk: Buffer) => void
  /** Why nobody opened, when it has ended. */
  refusal: () => RemoteError
}>

/**
 * The password is written when the prompt has been seen, never before and never twice: whoever asks again would count it
 * as another failure, and lock the account after a few.
 */
export const passDoor = (door: Door, input: Writable): Passage => {
  const { text, mark, arrive, prompt, password, onPasswordGiven, refusal } = door
  let stdout = Buffer.alloc(0)
  let stderr = ''
  let answered = false
  let givenUp = false
  const asked = () => stderr.split(prompt).length - 1
  const opened = Buffer.from(`${mark} `)

  return {
    enter: () => input.write(text),
    onStdout: chunk => {
      if (givenUp) return null
      stdout = Buffer.concat([stdout, chunk])
      const from = stdout.indexOf(opened)
      const end = from < 0 ? -1 : stdout.indexOf('\n', from)
      if (end < 0) return null
      input.write(arrive(stdout.subarray(from + opened.length, end).toString('latin1')))
      return stdout.subarray(end + 1)
    },
    onStderr: chunk => {
      stderr += chunk.toString('utf8')
      const since = answered ? stderr.slice(stderr.indexOf(prompt)) : ''
      if (asked() > 1 || isMoreThanAPassword.test(since)) {
        givenUp = true
        input.end()
      } else if (asked() === 1 && !answered && password !== null) {
        answered = true
        onPasswordGiven()
        input.write(`${password.reveal()}\n`)
      }
    },
    // A host that echoes what it is given must not have it quoted.
    refusal: () => refusal(password === null ? stderr : stderr.replaceAll(password.reveal(), '…'), asked()),
  }
}

/** An expired password is asked to be changed: that would wait for ever. */
const isMoreThanAPassword = /expired|new password/i
