/** The columns of `ps` by the names that its header gives them. */
import type { HostText } from '../model/observation.js'
import { fieldsOf, wordEnd } from './text.js'

/** What a row tells besides its command; null is "not told", or told in a way that leaves doubt. */
export type Facts = Readonly<{
  ppid: number | null
  uid: number | null
  /** A name that may have been cut is not told. */
  user: HostText | null
  /** The first letter: R, S, D, T, Z and their kin. */
  state: string | null
  /** Seconds since it was started, from ELAPSED. */
  ageSeconds: number | null
  /** The five words of `-o lstart`, in the time zone of whoever ran `ps`. */
  startedAt: HostText | null
}>

type Collected = { -readonly [K in keyof Facts]: Facts[K] } & { pid: number | null }

export const noFacts: Readonly<Collected> = {
  pid: null,
  ppid: null,
  uid: null,
  user: null,
  state: null,
  ageSeconds: null,
  startedAt: null,
}

/**
 * `blunt`: BusyBox, which aligns headers to the left, or shows few columns, and cuts names at eight characters. `short`:
 * that, or toybox, which alone calls the last column ARGS or CMDLINE; both cut lines.
 */
export type Header = Readonly<{ names: readonly string[]; blunt: boolean; short: boolean }>

/** Null where there is not exactly one PID, or where the last column is no command. */
export const headerOf = (line: string): Header | null => {
  const names = fieldsOf(line).map(({ text }) => text)
  const [last] = names.slice(-1)
  const told = names.filter(name => telling.has(name))
  if (!told.includes('PID') || !commands.has(last ?? '') || new Set(told).size < told.length) return null
  const blunt = /^(?:PID {2}| *PID USER +(?:VSZ STAT|TIME) +COMMAND)/.test(line)
  return { names: names.slice(0, -1), blunt, short: blunt || last === 'ARGS' || last === 'CMDLINE' }
}

const commands: ReadonlySet<string> = new Set(['COMMAND', 'CMD', 'ARGS', 'CMDLINE'])

/** Columns that may not come twice, as they might differ. */
const telling: ReadonlySet<string> = new Set(['PID', 'PPID', 'UID', 'USER', 'STAT', 'ELAPSED', 'STARTED'])

/** Reads the field that begins at `start` and gives where it ends; null where it is none of its column. */
type ReadColumn = (line: string, start: number, facts: Collected) => number | null

export const columnReaders = ({ names, blunt }: Header): readonly ReadColumn[] =>
  names.map(name => {
    if (name === 'USER' || name === 'UNAME') return blunt ? userOfEight : user
    return byName.get(name) ?? anyWord
  })

const word =
  (take: (text: string, facts: Collected) => boolean): ReadColumn =>
  (line, start, facts) => {
    const end = wordEnd(line, start)
    return take(line.slice(start, end), facts) ? end : null
  }

const anyWord = word(() => true)
const wordLike = (form: RegExp): ReadColumn => word(text => form.test(text))

const number =
  (key: 'pid' | 'ppid'): ReadColumn =>
  (line, start, facts) =>
    word(text => {
      facts[key] = Number(text)
      return /^\d{1,10}$/.test(text)
    })(line, start, facts)

/** `ps -ef` shows a name under UID; a negative number is a way to print a large one. */
const uid = word((text, facts) => {
  if (/^\d{1,10}$/.test(text)) facts.uid = Number(text)
  else if (!/^-?\d+$/.test(text)) facts.user = wholeName(text)
  return true
})

const user = word((text, facts) => {
  facts.user = wholeName(text)
  return true
})

const userOfEight = word((text, facts) => {
  facts.user = text.length < 8 ? wholeName(text) : null
  return true
})

/** procps marks a name that it cut with a plus, Solaris with a star. */
const wholeName = (text: string): HostText | null => (/[+*]$/.test(text) ? null : (text as HostText))

const state: ReadColumn = (line, start, facts) => {
  const end = wordEnd(line, start)
  facts.state = line.slice(start, start + 1)
  if (!/^[A-Za-z?]/.test(facts.state)) return null
  // BusyBox has three letters, and a blank for each that does not hold: `S N`.
  return /^[A-Z] [<N] $/.test(line.slice(start, start + 4)) ? start + 3 : end
}

const elapsed = word((text, facts) => {
  facts.ageSeconds = elapsedSeconds(text)
  return isDuration(text)
})

/** Digits with their signs or units, as in `1-02:03:04`, `0:00.07`, `1h02` or `-`. */
const isDuration = (text: string): boolean => /^[\d:.dhms-]+$/.test(text) && /[\d-]/.test(text)

/**
 * `[[days-]hours:]minutes:seconds`, as POSIX has it; a process from "the future" (a stepped clock) is `-`, so 0.
 * BusyBox counts on in minutes, and cuts what is longer than seven characters: half the seconds are no age.
 */
const elapsedSeconds = (text: string): number | null => {
  if (text === '-') return 0
  const match = /^(?:(?:(\d{1,6})-)?(\d{1,4}):)?(\d{1,9}):(\d\d)$/.exec(text)
  if (match === null) return null
  const [days, hours, minutes, seconds] = match.slice(1).map(part => Number(part ?? 0))
  if ((seconds ?? 0) > 59 || (match[2] !== undefined && ((minutes ?? 0) > 59 || match[3]?.length !== 2))) return null
  return (((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0)
}

/** `Tue Nov 24 23:03:50 2026` of lstart; `-o start` has the same header over `23:03:50` or `Nov 24`. */
const started: ReadColumn = (line, start, facts) => {
  const lstart = /^[A-Z][a-z]{2} +(?:[A-Z][a-z]{2} +\d{1,2}|\d{1,2} +[A-Z][a-z]{2}) +\d\d:\d\d:\d\d +\d{4}(?![^ \t])/
  const match = lstart.exec(line.slice(start, start + 40))
  if (match === null) return startDay(line, start, facts)
  facts.startedAt = match[0] as HostText
  return start + match[0].length
}

/** One word (`23:03`, `Oct26`, `12:09PM`, `2025`, `-`), or two (`Oct 26` of Solaris, `2026-11-24 23:03:50`). */
const startDay: ReadColumn = (line, start) => {
  const two = /^(?:[A-Z][a-z]{2} +\d{1,2}|\d{4}-\d\d-\d\d +\d\d:\d\d(?::\d\d)?)(?![^ \t])/.exec(
    line.slice(start, start + 24),
  )
  if (two !== null) return start + two[0].length
  const end = wordEnd(line, start)
  return /^(?=.*\d|-$|\?$)[\w:.?-]+$/.test(line.slice(start, end)) ? end : null
}

/** No terminal is named like a time: what looks like one is the next column, and this one was left blank. */
const terminal: ReadColumn = (line, start) => {
  const end = wordEnd(line, start)
  return /^\d+:\d\d/.test(line.slice(start, end)) ? start : end
}

const byName: ReadonlyMap<string, ReadColumn> = new Map([
  ['PID', number('pid')],
  ['PPID', number('ppid')],
  ['UID', uid],
  ['STAT', state],
  ['S', state],
  ['STATE', state],
  ['ELAPSED', elapsed],
  ['STARTED', started],
  ['STIME', startDay],
  ['START', startDay],
  ['TTY', terminal],
  ['TT', terminal],
  ['TIME', word(isDuration)],
  ['C', wordLike(/^\d+$/)],
])
