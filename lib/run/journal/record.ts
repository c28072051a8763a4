/**
 * A journal's lines: `<checksum> <JSON>`, each numbered and holding the checksum of the line before, so that a line
 * changed, lost, moved or cut short is found. A line is believed by itself; its place is proved by the chain.
 */
import { hash } from 'node:crypto'
import * as E from 'fp-ts/lib/Either.js'
import type { JournalRecord, JournalText, Tail } from '../../model/journal.js'
import { journalRecordFrom } from './codec.js'

/** What the next line has to follow. */
export type Link = Readonly<{ seq: number; checksum: string }>

export const firstLink: Link = { seq: 0, checksum: '0000000000000000' }

/** ASCII only: what a host said cannot act on a terminal that shows the file, and any other byte in it is damage. */
export const encodeRecord = (record: JournalRecord, before: Link): Readonly<{ line: string; link: Link }> => {
  const seq = before.seq + 1
  const json = JSON.stringify({ seq, after: before.checksum, record }).replace(notAscii, escaped)
  const checksum = checksumOf(json)
  return { line: `${checksum} ${json}\n`, link: { seq, checksum } }
}

const notAscii = /[\u007f-\uffff]/g
const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`

/** 64 bits of SHA-256: against accidents, not against the owner of the file. */
const checksumOf = (json: string): string => hash('sha256', json, 'hex').slice(0, 16)

/** `text` holds one letter for each byte of the file (latin1). Never throws, and never gives a record that was not written. */
export const readRecords = (text: string): JournalText => {
  const lines = text.split('\n')
  const rest = lines.pop() ?? ''
  const records: JournalRecord[] = []
  let link = firstLink
  for (const [i, line] of lines.entries()) {
    const read = readLine(line)
    if (E.isLeft(read)) return { records, tail: brokenAt(i + 1, read.left, lines.slice(i + 1)) }
    const { seq, after, record, checksum } = read.right
    if (after !== link.checksum) {
      return { records, tail: damagedAt(i + 1, outOfPlace(seq, link.seq + 1), soundOf(lines.slice(i))) }
    }
    records.push(record)
    link = { seq, checksum }
  }
  if (rest === '') return { records, tail: { _tag: 'Whole' } }
  return { records, tail: { _tag: 'Torn', line: lines.length + 1, reason: 'it has no end' } }
}

type Line = Readonly<{ seq: number; after: string; record: JournalRecord; checksum: string }>

const readLine = (line: string): E.Either<string, Line> => {
  const [, checksum = '', json = ''] = /^([0-9a-f]{16}) (\{.*\})$/.exec(line) ?? []
  if (checksum === '') return E.left('it is no record')
  if (checksumOf(json) !== checksum) return E.left('its checksum does not match')
  const { seq, after, record: written } = JSON.parse(json) as Line
  const record = journalRecordFrom(written)
  if (record === null) return E.left('it is a record of another version of steward')
  return E.right({ seq, after, record, checksum })
}

const brokenAt = (line: number, reason: string, following: readonly string[]): Tail => {
  const beyond = soundOf(following)
  return beyond.length === 0 ? { _tag: 'Torn', line, reason } : damagedAt(line, reason, beyond)
}

const damagedAt = (line: number, reason: string, beyond: readonly JournalRecord[]): Tail => ({
  _tag: 'Damaged',
  line,
  reason,
  beyond,
})

const outOfPlace = (seq: number, wanted: number): string =>
  seq === wanted ? 'it does not follow the one before' : `it is record ${seq} where ${wanted} should be`

const soundOf = (lines: readonly string[]): readonly JournalRecord[] =>
  lines.flatMap(line => {
    const read = readLine(line)
    return E.isRight(read) ? [read.right.record] : []
  })
