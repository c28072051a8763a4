/** What every transport does with a running shell: feeds it, gathers what it prints and holds the script's limits. */
import type { Writable } from 'node:stream'
import * as E from 'fp-ts/lib/Either.js'
import { type Reason, reason, toldReason } from '../model/reason.js'
import type { RemoteError } from '../model/remote-error.js'
import { passDoor } from './pass-door.js'
import type { Script, ScriptOutput } from './transport.js'

export type Answer = E.Either<RemoteError, ScriptOutput>

type Following = Readonly<{
  /** Rejects only when the script's own `answer` throws. */
  answer: Promise<Answer>
  /** The shell is there: it gets its text, unless it is too late for that. */
  send: () => void
  onStdout: (chunk: Buffer) => void
  onStderr: (chunk: Buffer) => void
  /** Everything was printed and the shell has ended. */
  ended: (code: number | null) => void
  /** The shell will not end well: `Lost` if it was sent anything, else `Unreachable`. */
  lose: (why: string | Reason) => void
  fail: (error: RemoteError) => void
}>

/** The deadline runs from here. `abandon` is called once, at once, when the shell is given up. */
export const followScript = (script: Script, input: Writable, abandon: () => void): Following => {
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  let bytes = 0
  let state: 'opening' | 'at the door' | 'sent' | 'over' = 'opening'
  const passage = script.door === undefined ? null : passDoor(script.door, input)
  // What cannot be written any more is told by how the shell ends; unheard, it would end this process.
  input.on('error', () => {})
  let settle: (answer: Answer | Promise<Answer>) => void = () => {}
  const answer = new Promise<Answer>(resolve => {
    settle = resolve
  })

  const finish = (result: Answer | Promise<Answer>): boolean => {
    if (state === 'over') return false
    state = 'over'
    clearTimeout(timer)
    // A pipe that is never ended would keep what it holds.
    input.end()
    settle(result)
    return true
  }
  const fail = (error: RemoteError) => {
    if (finish(E.left(error))) abandon()
  }
  const lose = (why: string | Reason) =>
    fail({ _tag: state === 'sent' ? 'Lost' : 'Unreachable', ...toldReason(reason`${why}`) })
  const late = () => {
    const why = lateWords(state === 'at the door', script.deadlineMs)
    fail({ _tag: state === 'sent' ? 'Late' : 'Unreachable', why })
  }
  const timer = setTimeout(late, script.deadlineMs)

  const gather = (into: Buffer[]) => (chunk: Buffer) => {
    if (state === 'over') return
    bytes += chunk.length
    if (bytes > script.maxBytes) return fail({ _tag: 'TooMuchOutput', limitBytes: script.maxBytes })
    into.push(chunk)
  }
  const gatherStdout = gather(stdout)
  const gatherStderr = gather(stderr)
  const isAsked = script.dialogue === undefined ? () => false : questionSpotter(script.dialogue.question)

  const sendText = () => {
    state = 'sent'
    if (script.dialogue === undefined) input.end(script.text)
    else input.write(script.text)
  }
  const hear = (chunk: Buffer) => {
    gatherStdout(chunk)
    if (state === 'over' || script.dialogue === undefined || !isAsked(chunk)) return
    try {
      input.end(script.dialogue.answer(textOf(stdout)))
    } catch (bug) {
      // Thrown here, inside a stream's event, it would end the process instead of the caller's try.
      if (finish(Promise.reject(bug))) abandon()
    }
  }
  /** Noise before the door counts too: it may be endless. */
  const countOnly = gather([])

  return {
    answer,
    send: () => {
      if (state !== 'opening') return
      if (passage === null) return sendText()
      state = 'at the door'
      passage.enter()
    },
    onStdout: chunk => {
      if (state !== 'at the door' || passage === null) return hear(chunk)
      countOnly(chunk)
      const rest = state === 'at the door' ? passage.onStdout(chunk) : null
      if (rest === null) return
      sendText()
      hear(rest)
    },
    onStderr: chunk => {
      if (state !== 'at the door' || passage === null) return gatherStderr(chunk)
      countOnly(chunk)
      if (state === 'at the door') passage.onStderr(chunk)
    },
    ended: code => {
      if (state !== 'at the door' || passage === null)
        finish(E.right({ stdout: textOf(stdout), stderr: textOf(stderr), code }))
      else if (code === null) lose('it was killed before it had become somebody else')
      else finish(E.left(passage.refusal()))
    },
    lose,
    fail,
  }
}

const lateWords = (isAtDoor: boolean, deadlineMs: number): string =>
  `${isAtDoor ? 'it was not let in to become somebody else' : 'the script had not ended'} after ${deadlineMs / 1000} s`

/** True once, for the chunk that completes the question at the start of a line, however the chunks are cut. */
const questionSpotter = (question: string): ((chunk: Buffer) => boolean) => {
  const wanted = Buffer.from(`\n${question}`)
  let seen = false
  let tail: Buffer = Buffer.from('\n')
  return chunk => {
    if (seen) return false
    const text = Buffer.concat([tail, chunk])
    seen = text.includes(wanted)
    tail = text.subarray(Math.max(0, text.length - wanted.length + 1))
    return seen
  }
}

/** Decoded only when whole: a chunk may end in the middle of a character. */
const textOf = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString('utf8')
