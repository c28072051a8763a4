/** The journal of a run of a program, where it brings none of its own. */
import { resolve } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import type { RunOptions as Journalled } from '../model/journal.js'
import type { Plan } from '../model/plan.js'
import { systemClock } from '../run/clock.js'
import type { Journal } from '../run/journal/journal.js'
import { byProgram } from '../run/journal/resume.js'
import { openJournal } from '../run/journal/store.js'
import { JournalUnwritableError } from './errors.js'
import { ourJournals, version } from './here.js'
import { passwordsOf } from './hiding.js'
import type { DatedRestart, PlaybookInput, ReadInput } from './input.js'
import { listed } from './load.js'
import { Catalog } from './loaded.js'
import type { RunOptions } from './run-options.js'
import { hashOfPlan, playbookOf, sourcesOf, type TakenUp } from './take-up.js'

type Begun = ReadInput &
  Readonly<{ input: PlaybookInput | DatedRestart; planned: Plan | undefined; takenUp: TakenUp | null }>

/** Rejects with a `JournalUnwritableError`. */
export const openOurs = async (
  { expansion, inputs, input, planned, takenUp }: Begun,
  { access = {}, clock = systemClock, forks = 50 }: RunOptions,
): Promise<Journal> => {
  const opened = await openJournal(ourJournals(), {
    version: version(),
    pid: process.pid,
    resumes: takenUp?.runId ?? null,
    options: {
      command: byProgram,
      playbook: playbookOf(input),
      inventory: sourcesOf(input),
      limit: input.limit ?? null,
      catalogs: 'playbook' in input ? [] : catalogsOf(input),
      forks,
      more: {
        ...('playbook' in input ? {} : { services: input.services, 'started-after': input.startedAfterMs }),
        ...(planned === undefined ? {} : { 'plan-sha256': hashOfPlan(planned) }),
        ...(planned === undefined || takenUp === null ? {} : { 'plan-begun': takenUp.begun }),
      },
      inputs,
    },
    secrets: passwordsOf(expansion, access),
    redactions: expansion.redactions ?? [],
    now: () => clock.now(),
  })
  if (E.isLeft(opened)) throw new JournalUnwritableError(opened.left)
  return opened.right
}

const catalogsOf = ({ catalogs }: DatedRestart): Journalled['catalogs'] =>
  catalogs instanceof Catalog ? catalogs.inputs.map(({ path }) => path) : listed(catalogs).map(path => resolve(path))
