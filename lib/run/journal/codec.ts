/** Records as this version writes them, or could; a sound line of another version is told apart from ours. */
import * as t from 'io-ts'
import type { JournalRecord } from '../../model/journal.js'
import { HostName, ServiceName } from '../../model/names.js'

/** Null: it is none. */
export const journalRecordFrom = (value: unknown): JournalRecord | null => {
  // Before there could be several inventories, the one was text.
  const current = withOneSource.is(value) ? { ...value, inventory: [value.inventory] } : value
  return isJournalRecord(current) ? current : null
}

const isJournalRecord = (value: unknown): value is JournalRecord => record.is(value)

const nullable = <C extends t.Mixed>(codec: C) => t.union([codec, t.null])
const strings = t.array(t.string)
const stepId = t.refinement(t.string, text => text.includes('@'))

const withOneSource = t.type({ _tag: t.literal('RunOpened'), inventory: t.string })

const opened = t.type({
  _tag: t.literal('RunOpened'),
  runId: t.string,
  version: t.string,
  controller: t.type({
    hostname: t.string,
    pid: t.number,
    startTicks: nullable(t.number),
    bootId: nullable(t.string),
  }),
  resumes: nullable(t.string),
  command: t.string,
  playbook: nullable(t.string),
  inventory: strings,
  limit: nullable(t.string),
  catalogs: strings,
  forks: t.number,
  more: t.record(t.string, t.union([t.string, t.number, t.boolean, strings])),
  inputs: t.array(t.type({ path: t.string, sha256: t.string })),
})

const step = t.type({
  id: stepId,
  host: HostName,
  service: ServiceName,
  desired: t.string,
  found: nullable(t.string),
  action: t.string,
})

const planned = t.type({
  _tag: t.literal('PlanMade'),
  plays: t.array(t.type({ name: t.string, steps: t.array(step) })),
})

const launch = t.type({
  _tag: t.keyof({ Launch: null, Hook: null }),
  launches: t.array(t.type({ what: t.string, command: t.string })),
})
const signal = t.type({ _tag: t.literal('Signal'), signal: t.string, pids: t.array(t.number) })

const intended = t.type({
  _tag: t.literal('Intended'),
  id: stepId,
  host: HostName,
  act: t.union([launch, signal]),
})

const notBegun = t.type({ _tag: t.literal('NotBegun'), id: stepId })

const afterMoment = t.keyof({ afterStart: null, afterStop: null })

const due = t.type({ _tag: t.literal('HooksDue'), id: stepId, moments: t.array(afterMoment) })

const done = t.type({ _tag: t.literal('HooksDone'), id: stepId, moment: afterMoment })

const concluded = t.intersection([
  t.type({
    _tag: t.literal('Concluded'),
    id: stepId,
    outcome: t.keyof({ ok: null, changed: null, failed: null, unreachable: null, skipped: null }),
    words: t.string,
  }),
  t.partial({ wayOut: t.string }),
])

const notSeen = t.type({ _tag: t.literal('NotSeen'), host: HostName, words: t.string })

const recap = t.type({
  host: HostName,
  ok: t.number,
  changed: t.number,
  unreachable: t.number,
  failed: t.number,
  skipped: t.number,
})

const closed = t.type({ _tag: t.literal('RunClosed'), recap: t.array(recap), exitCode: t.number })

const record = t.intersection([
  t.type({ atMs: t.number }),
  t.union([
    opened,
    planned,
    intended,
    notBegun,
    due,
    done,
    concluded,
    notSeen,
    t.type({ _tag: t.literal('Interrupted') }),
    closed,
  ]),
])
