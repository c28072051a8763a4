/** Fills the disk it is given with a journal and tells, as JSON, what came of it. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as E from 'fp-ts/lib/Either.js'
import { type JournalError, journalErrorInWords } from '../../../lib/model/journal.js'
import type { Journal } from '../../../lib/run/journal/journal.js'
import { readRecords } from '../../../lib/run/journal/record.js'
import { openJournal } from '../../../lib/run/journal/store.js'
import { concluded, opening, placeIn, rightOf } from './builders.js'

export const filler = fileURLToPath(import.meta.url)

export type Filled = Readonly<{
  confirmed: number
  held: number
  tail: string
  refusal: string
  later: string
  another: string
  files: number
}>

const fill = async (stateHome: string): Promise<Filled> => {
  writeFileSync(join(stateHome, 'ballast'), Buffer.alloc(16 * 1024))
  const journal = rightOf(await openJournal(placeIn(stateHome), opening()))
  let confirmed = 0
  let refused = await append(journal)
  for (; E.isRight(refused); refused = await append(journal)) confirmed += 1
  const another = await openJournal(placeIn(stateHome), opening())
  rmSync(join(stateHome, 'ballast'))
  const later = await append(journal)
  const runs = join(stateHome, 'steward', 'runs')
  const { records, tail } = readRecords(readFileSync(join(runs, `${journal.runId}.journal`), 'latin1'))
  return {
    confirmed,
    held: records.length - 1,
    tail: tail._tag,
    refusal: inWords(refused),
    later: inWords(later),
    another: inWords(another),
    files: readdirSync(runs).length,
  }
}

/** Of an odd length, so that the disk ends in the middle of one. */
const append = (journal: Journal) => journal.append(concluded(undefined, 'x'.repeat(777)))

const inWords = (result: E.Either<JournalError, unknown>): string =>
  E.isLeft(result) ? journalErrorInWords(result.left) : 'no refusal'

if (process.argv[1] === filler) console.log(JSON.stringify(await fill(process.argv[2] ?? '')))
