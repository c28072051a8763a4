/** Small journals, and folders for them that are gone when the test is over. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import type { JournalEntry, JournalRecord, RunOptions } from '../../../lib/model/journal.js'
import type { HostName } from '../../../lib/model/names.js'
import type { StepId } from '../../../lib/model/plan.js'
import type { JournalPlace } from '../../../lib/run/journal/folder.js'
import { encodeRecord, firstLink } from '../../../lib/run/journal/record.js'
import type { Opening } from '../../../lib/run/journal/store.js'

export const km = 'km@km1' as StepId
const host = 'km1' as HostName

export const options: RunOptions = {
  command: 'run',
  playbook: '/play.yml',
  inventory: ['/hosts.yml'],
  limit: null,
  catalogs: [],
  forks: 50,
  more: {},
  inputs: [{ path: '/play.yml', sha256: 'aa' }],
}

export const opened: JournalEntry = {
  _tag: 'RunOpened',
  runId: '20261124T231500.482-3f9a2c',
  version: '0.1.0',
  controller: { hostname: 'admin1', pid: 4242, startTicks: 7, bootId: 'boot' },
  resumes: null,
  ...options,
}

export const intended = (id: StepId = km, command = '/init/km start'): JournalEntry => ({
  _tag: 'Intended',
  id,
  host,
  act: { _tag: 'Launch', launches: [{ what: 'script', command }] },
})

export const concluded = (id: StepId = km, words = 'running'): JournalEntry => ({
  _tag: 'Concluded',
  id,
  outcome: 'changed',
  words,
})

export const closed = (exitCode: 0 | 2 | 99 = 0): JournalEntry => ({ _tag: 'RunClosed', recap: [], exitCode })

/** A second apart, from 2026-11-24 23:15:00 UTC on. */
export const recordsOf = (entries: readonly JournalEntry[]): readonly JournalRecord[] =>
  entries.map((entry, i) => ({ ...entry, atMs: Date.UTC(2026, 10, 24, 23, 15, i) }))

export const linesOf = (records: readonly JournalRecord[]): readonly string[] => {
  let before = firstLink
  return records.map(record => {
    const { line, link } = encodeRecord(record, before)
    before = link
    return line
  })
}

export const opening = (change: Partial<Opening> = {}): Opening => ({
  version: '0.1.0',
  pid: process.pid,
  resumes: null,
  options,
  secrets: [],
  now: Date.now,
  ...change,
})

export const placeIn = (stateHome: string): JournalPlace => ({ stateHome, uid: process.geteuid?.() ?? null })

export const withFolder = async <A>(use: (folder: string) => A | Promise<A>): Promise<A> => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'steward-journal-')))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  // A test that hangs is given up without its `finally`.
  process.on('exit', remove)
  try {
    return await use(folder)
  } finally {
    process.off('exit', remove)
    remove()
  }
}

export const rightOf = <A>(either: E.Either<unknown, A>): A => {
  if (E.isRight(either)) return either.right
  throw new Error(JSON.stringify(either.left))
}
