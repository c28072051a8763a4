/** Reads what the lock's scripts print, and the lock itself. */
import * as E from 'fp-ts/lib/Either.js'
import { readFrame } from '../model/frame.js'
import type { LockContent, Witness } from '../model/lock.js'
import type { HostText } from '../model/observation.js'

/** As one line of the lock, which a shell's `read` gives back as it is. */
export const oneLine = (text: string): string =>
  text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, 200)

/** What each word means that a script of the lock's may end with, and the text that goes with it. */
type Meanings<A> = Readonly<Record<string, (text: string) => A>>

/** Whatever was to be done with it. */
export const notDone = {
  busy: () => ({ _tag: 'Busy' }) as const,
  refused: (text: string) => ({ _tag: 'Refused', why: text as HostText }) as const,
}

/** Left: there is no whole answer, or none that has a meaning here. */
export const readAnswer = <A>(nonce: string, output: string, meanings: Meanings<A>): E.Either<string, A> => {
  const said = readSaid(nonce, output)
  if (E.isLeft(said)) return said
  const { word, text } = said.right
  const meaning = Object.hasOwn(meanings, word) ? meanings[word] : undefined
  return meaning === undefined ? E.left(`its lock said "${word.slice(0, 40)}"`) : E.right(meaning(text))
}

type Said = Readonly<{ word: string; text: string }>

/** One word on the first line, and whatever belongs to it below. */
export const readSaid = (nonce: string, output: string): E.Either<string, Said> => {
  const frame = readFrame(nonce, output)
  if (E.isLeft(frame)) return frame
  const body = frame.right[0]?.body ?? ''
  const [word = ''] = body.split('\n', 1)
  return E.right({ word, text: body.slice(word.length).trim() })
}

export const readContent = (text: string): LockContent => {
  const lines = text.split('\n')
  const fieldOf = (key: string): string | null =>
    lines.flatMap(line => (line.startsWith(`${key} `) ? [line.slice(key.length + 1)] : []))[0] ?? null
  const run = fieldOf('run')
  const sinceSeconds = Number(fieldOf('since') ?? Number.NaN)
  const renewedSeconds = Number(fieldOf('renewed') ?? Number.NaN)
  const isWhole = lines.at(-1) === 'end' && run !== null
  if (!isWhole || !Number.isSafeInteger(sinceSeconds) || !Number.isSafeInteger(renewedSeconds)) {
    return { _tag: 'Damaged', text: text as HostText }
  }
  const who = (fieldOf('who') ?? '') as HostText
  return { _tag: 'Holder', run: run as HostText, who, sinceSeconds, renewedSeconds, witnesses: readWitnesses(lines) }
}

export const readWitnesses = (lines: readonly string[]): readonly Witness[] =>
  lines.flatMap(line => {
    const [, kind, pid, ticks] = /^witness (connection|script) (\d+) (\d+|-)$/.exec(line) ?? []
    if (kind !== 'connection' && kind !== 'script') return []
    return [{ kind, pid: Number(pid), startTicks: ticks === '-' ? null : Number(ticks) }]
  })
