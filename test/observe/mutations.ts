/** Damages what real tools printed, run by run, and holds what the parsers make of it against the truth. */
import { canonicalAddress } from '../../lib/model/address.js'
import { parseCmdline, parseStat } from '../../lib/observe/proc.js'
import { parseLinks } from '../../lib/observe/proc-links.js'
import { parseNetTcp, parseSocketOwners } from '../../lib/observe/proc-sockets.js'
import { parseStatus } from '../../lib/observe/status.js'
import { capture } from './captures.js'
import { type Row, type Subject, subjects } from './subjects.js'

export type FuzzResult = Readonly<{ runs: number; read: number; refused: number }>

/**
 * Run `i` depends on `seed + i` alone, so that a failure is repeated with the seed it names and one run. Throws at the
 * first text that was read wrong, that made a parser throw, or that took longer than a second.
 */
export const fuzzParsers = ({ seed, runs }: Readonly<{ seed: number; runs: number }>): FuzzResult => {
  let read = 0
  for (let i = 0; i < runs; i += 1) {
    try {
      if (oneRun(randomOf(seed + i))) read += 1
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      throw new Error(`STEWARD_SEED=${seed + i} STEWARD_RUNS=1: ${why}`)
    }
  }
  return { runs, read, refused: runs - read }
}

type Random = (below: number) => number

/** mulberry32: small, and the same everywhere. */
const randomOf = (seed: number): Random => {
  let state = seed >>> 0
  return below => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/** Was anything read? */
const oneRun = (random: Random): boolean => {
  const kind = random(8)
  if (kind === 0) return damageProc(random)
  const subject = pick(subjects, random)
  if (kind < 4) return keepRows(subject, random)
  if (kind < 6) return renameAll(subject, random)
  return damageBytes(subject, random)
}

const pick = <A>(all: readonly A[], random: Random): A => {
  const one = all[random(all.length)]
  if (one === undefined) throw new Error('nothing to pick from')
  return one
}

const textOf = (lines: readonly string[]): string => lines.map(line => `${line}\n`).join('')

const truths = new Map<string, readonly (readonly Row[])[]>()

/** What each row alone is read as. */
const truthOf = (subject: Subject): readonly (readonly Row[])[] => {
  const known = truths.get(subject.name)
  if (known !== undefined) return known
  const truth = subject.rows.map(row => subject.read(textOf([...subject.head, row])) ?? [])
  truths.set(subject.name, truth)
  return truth
}

/** Rows left out, in another order, or cut off: what is left is read as before. */
const keepRows = (subject: Subject, random: Random): boolean => {
  const kept = subject.rows.map((_, i) => i).filter(() => random(4) > 0)
  if (random(2) === 0) kept.sort(() => random(3) - 1)
  const text = textOf([...subject.head, ...kept.map(i => subject.rows[i] ?? '')])
  const read = subject.read(text)
  const truth = truthOf(subject)
  if (read !== null && show(read) !== show(kept.flatMap(i => truth[i] ?? []))) fail(subject.name, text, read)
  return read !== null
}

const show = (rows: readonly Row[]): string => rows.map(({ key, owners }) => `${key} ${owners}`).join('\n')

const fail = (name: string, text: string, read: unknown): never => {
  throw new Error(`${name} was read wrong: ${JSON.stringify(read).slice(0, 2_000)} of ${JSON.stringify(text)}`)
}

/** Processes that call themselves what they like: every row is read as before, or its owner is not known. */
const renameAll = (subject: Subject, random: Random): boolean => {
  const { itself } = subject
  if (itself === null) return keepRows(subject, random)
  const rows = subject.rows.map(row => row.replace(itself, old => fitted(hostileName(subject, random), old)))
  const text = textOf([...subject.head, ...rows])
  const read = subject.read(text)
  if (read === null) return false
  const truth = truthOf(subject).flat()
  const same = read.every(
    ({ key, owners }, i) => key === truth[i]?.key && (owners === null || `${owners}` === `${truth[i]?.owners}`),
  )
  if (!same || read.length !== truth.length) fail(subject.name, text, read)
  return true
}

const fragments = [
  ...['"', ',', '(', ')', '",pid=1,fd=3)', '",pid=1', '("', ',fd=3', '\n', ' ', '  ', '\t', '\r', '/', '1/init', ':1'],
  ...['LISTEN', ' 0 0 ', '*:1', '*.1', '0:00', '00100', '0', 'tcp4', 'tcp', '\u001b[2J', '\u2028', '-', '?', 'Active '],
  ...['root', '1 3 ', '23:28', 'users:((', 'Oct 26', '00:07', 'é', '\0', '%', '[', ']'],
]

const hostileName = ({ newlines }: Subject, random: Random): string => {
  const name = Array.from({ length: 1 + random(5) }, () => pick(fragments, random)).join('')
  return newlines ? name.slice(0, 15) : name.replaceAll('\n', '?').slice(0, 15)
}

/** As wide as what it replaces, which is how a table shows a short name. */
const fitted = (name: string, old: string): string => name.slice(0, Math.max(old.length, 15)).padEnd(old.length)

/** Anything at all happens to the text: what is read is in range, and its numbers stand in the text. */
const damageBytes = (subject: Subject, random: Random): boolean => {
  const text = damaged(textOf([...subject.head, ...subject.rows]), random)
  const read = timed(() => subject.read(text))
  if (read === null) return false
  for (const row of read) {
    const [address = ''] = row.key.split(' ')
    const isAddress = row.key.startsWith('{') || canonicalAddress(address) === address
    const numbers = [...row.numbers, ...(row.owners ?? [])]
    if (!isAddress || !numbers.every(number => isShown(number, text))) fail(subject.name, text, row)
  }
  return true
}

const isShown = (number: number, text: string): boolean =>
  Number.isSafeInteger(number) && number >= 0 && text.includes(`${number}`)

const damaged = (whole: string, random: Random): string => {
  let text = whole
  for (let times = 1 + random(4); times > 0; times -= 1) text = pick(damages, random)(text, random)
  return text
}

type Damage = (text: string, random: Random) => string

const damages: readonly Damage[] = [
  (text, random) => text.slice(0, random(text.length + 1)),
  (text, random) => text.slice(random(text.length + 1)),
  (text, random) => spliced(text, random, random(8), ''),
  (text, random) => spliced(text, random, 0, pick(fragments, random)),
  (text, random) => spliced(text, random, random(8), String.fromCharCode(random(256))),
  (text, random) => spliced(text, random, 0, text.slice(random(text.length + 1)).slice(0, random(200))),
  (text, random) => spliced(text, random, 0, pick([...'0123456789 \n\t'], random).repeat(1 + random(2_000))),
  (text, random) => {
    const lines = text.split('\n')
    const [from, to] = [random(lines.length), random(lines.length)]
    return lines
      .with(from, lines[to] ?? '')
      .with(to, lines[from] ?? '')
      .join('\n')
  },
  (text, random) => spliced(text, random, random(40), textOf(pick(subjects, random).rows).slice(0, random(300))),
]

const spliced = (text: string, random: Random, removed: number, added: string): string => {
  const at = random(text.length + 1)
  return text.slice(0, at) + added + text.slice(at + removed)
}

const timed = <A>(work: () => A): A => {
  const start = performance.now()
  const result = work()
  if (performance.now() - start > 1_000) throw new Error('it took longer than a second')
  return result
}

const procParsers: readonly (readonly [name: string, pidsIn: (text: string) => readonly number[]])[] = [
  ['stat', text => [...parseStat(text)].flatMap(([pid, { ppid, startTicks }]) => [pid, ppid, startTicks])],
  ['cmdline', text => [...parseCmdline(text).keys()]],
  ['status', text => [...parseStatus(text)].flatMap(([pid, { ppid, uid }]) => [pid, ppid, uid])],
  ['fd-gnu', text => [...(parseSocketOwners(text) ?? [])].flatMap(([inode, pids]) => [inode, ...pids])],
  ['fd-busybox', text => [...(parseSocketOwners(text) ?? [])].flatMap(([inode, pids]) => [inode, ...pids])],
  ['links', text => [...parseLinks(text, true).keys()]],
  ['tcp', text => inodesIn(text)],
]

const inodesIn = (text: string): readonly number[] => {
  const read = parseNetTcp(text)
  return read._tag === 'Left' ? [] : read.right.map(({ inode }) => inode)
}

const damageProc = (random: Random): boolean => {
  const [name, numbersIn] = pick(procParsers, random)
  const text = damaged(capturedOnce(name), random)
  const numbers = timed(() => numbersIn(text))
  if (!numbers.every(number => isShown(number, text))) fail(name, text, numbers)
  return numbers.length > 0
}

const captured = new Map<string, string>()

const capturedOnce = (name: string): string => {
  const text = captured.get(name) ?? capture(name)
  captured.set(name, text)
  return text
}
