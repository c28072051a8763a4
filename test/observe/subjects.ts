/** What the parsers are tried on under damage: a text, where its rows begin, and how it is read. */
import * as E from 'fp-ts/lib/Either.js'
import type { Listener } from '../../lib/model/observation.js'
import { parseNetstat } from '../../lib/observe/netstat.js'
import { type PsRow, parsePs } from '../../lib/observe/ps.js'
import { parseSockstat } from '../../lib/observe/sockstat.js'
import { parseSs } from '../../lib/observe/ss.js'
import { capture } from './captures.js'

/** A row as it was read: all of it but its owners as one text, and the numbers in it. */
export type Row = Readonly<{ key: string; owners: readonly number[] | null; numbers: readonly number[] }>

export type Subject = Readonly<{
  name: string
  head: readonly string[]
  rows: readonly string[]
  /** Null: refused. */
  read: (text: string) => readonly Row[] | null
  /** Where in a row a process names itself. */
  itself: RegExp | null
  /** A name in it may hold a newline: not where the tool escapes it. */
  newlines: boolean
}>

const listenerRows = (read: E.Either<string, readonly Listener[]>): readonly Row[] | null =>
  E.isLeft(read)
    ? null
    : read.right.map(({ address, port, owners }) => ({ key: `${address} ${port}`, owners, numbers: [port] }))

const psRows = (read: E.Either<string, readonly PsRow[]>): readonly Row[] | null =>
  E.isLeft(read)
    ? null
    : read.right.map(({ line: _, ...row }) => ({
        key: JSON.stringify(row),
        owners: [row.pid],
        numbers: [row.ppid ?? row.pid, row.uid ?? row.pid],
      }))

const subject = (
  name: string,
  headLines: number,
  read: Subject['read'],
  itself: RegExp | null = null,
  newlines = true,
): Subject => {
  const lines = capture(name).split('\n').slice(0, -1)
  return { name, head: lines.slice(0, headLines), rows: lines.slice(headLines), read, itself, newlines }
}

const netstat = (text: string): readonly Row[] | null => listenerRows(parseNetstat(text))
const ss = (text: string): readonly Row[] | null => listenerRows(parseSs(text))
const ps = (text: string): readonly Row[] | null => psRows(parsePs(text))

const program = /(?<=LISTEN .*\b\d+\/).*/s
const quoted = /(?<=\(")[^"]*(?=",pid)/

/** Each row of these stands for itself. */
export const subjects: readonly Subject[] = [
  subject('netstat', 2, netstat, program),
  subject('netstat-extended', 2, netstat, /(?<=LISTEN .*\b\d+\/).*(?= off \()/),
  subject('netstat-toybox', 2, netstat, program),
  subject('netstat-busybox', 2, netstat),
  subject('netstat-macos', 2, netstat, /(?<=131072 {2}131072 +)\S.*(?=:\d+ +00)/),
  subject('netstat-macos-old', 2, netstat),
  subject('netstat-solaris-users', 3, netstat, /(?<=(?:root|app) +\d+ )\S.{13}/, false),
  subject('sockstat', 1, text => listenerRows(parseSockstat(text)), /(?<=^\d+ +)\S.{9}/),
  subject('ss', 1, ss, quoted),
  subject('ss-extended', 0, ss, quoted),
  subject('ss-all', 1, ss, quoted),
  subject('ps-procps', 1, ps, /(?<=:\d\d )\S.*/, false),
  subject('ps-toybox', 1, ps, /(?<=:\d\d )\S.*/, false),
  subject('ps-lstart', 1, ps, /(?<= 2026 )\S.*/, false),
  subject('ps-ef', 1, ps, /(?<=00:00:00 )\S.*/, false),
  subject('ps-aux', 1, ps, /(?<= 0:00 )\S.*/, false),
  subject('ps-busybox', 1, ps, /(?<=root {5}\S{1,3} +)\S.*/, false),
]
