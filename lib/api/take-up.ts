/** A run that is taken up again: what its journal tells of it, and whether what is given now is the same. */
import { resolve } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { digestPlay } from '../decide/digest.js'
import { journalErrorInWords, type RunOptions } from '../model/journal.js'
import type { Plan, StepId } from '../model/plan.js'
import { begunSoFar } from '../run/journal/begun.js'
import { readRun } from '../run/journal/history.js'
import { howItBegan } from '../run/journal/resume.js'
import { InputError } from './errors.js'
import { ourJournals } from './here.js'
import type { DatedRestart, PlaybookInput, RestartInput } from './input.js'
import { Inventory } from './loaded.js'
import { absoluteSources } from './our-files.js'
import { hashOf } from './remember-inputs.js'
import { restarted, serviceTitle } from './service-book.js'

export type TakenUp = Readonly<{
  runId: string
  /** Steps that it, or one that it took up, has begun. */
  begun: readonly StepId[]
  /** Of a restart. */
  startedAfterMs: number | null
}>

/** Throws an `InputError` where that run cannot be taken up with this. */
export const takeUp = async (
  wanted: string,
  input: PlaybookInput | RestartInput,
  planned: Plan | undefined,
): Promise<TakenUp> => {
  const run = await readRun(ourJournals(), wanted)
  if (E.isLeft(run)) throw refused(journalErrorInWords(run.left))
  const { runId } = run.right
  const how = howItBegan(run.right)
  const why = E.isLeft(how) ? how.left : (whyOther(how.right, input) ?? whyOtherPlan(how.right, planned))
  if (E.isLeft(how) || why !== null) throw refused(`${runId} cannot be resumed: ${why}`)
  const { 'plan-begun': before, 'started-after': startedAfter } = how.right.more
  return {
    runId,
    begun: begunSoFar(run.right, before),
    startedAfterMs: typeof startedAfter === 'number' ? startedAfter : null,
  }
}

const refused = (reason: string): InputError => new InputError([{ _tag: 'BadUsage', reason }])

const whyOther = ({ playbook, inventory, more }: RunOptions, input: PlaybookInput | RestartInput): string | null => {
  const { services = [], state } = more
  if (state !== undefined) return 'it is a start or a stop of the command line, which is to resume it'
  const [was, is] = [playbook ?? services, playbookOf(input) ?? ('services' in input ? input.services : [])]
  if (!sameText(was, is)) return `it was of ${[was].flat().join(', ')}, and not of ${[is].flat().join(', ')}`
  const sources = sourcesOf(input)
  return sameText(inventory, sources)
    ? null
    : `its inventory was ${inventory.join(', ')}, and not ${sources.join(', ')}`
}

const sameText = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

const whyOtherPlan = ({ more }: RunOptions, planned: Plan | undefined): string | null => {
  if (more['saved-plan'] !== undefined) return 'it applied a plan of the command line, which is to resume it'
  const applied = more['plan-sha256']
  if (applied === (planned === undefined ? undefined : hashOfPlan(planned))) return null
  if (applied === undefined) return 'it was not kept to a plan'
  return planned === undefined ? 'it was kept to a plan, which has to be given' : 'it was kept to another plan'
}

export const hashOfPlan = ({ plays }: Plan): string => hashOf(JSON.stringify(plays.map(digestPlay)))

/** What the run is called. */
export const titleOf = (input: PlaybookInput | DatedRestart): string =>
  'playbook' in input ? fileOf(input) : serviceTitle(input.services, restarted(input.startedAfterMs))

/** Its path; null for a restart. */
export const playbookOf = (input: PlaybookInput | RestartInput): string | null =>
  'playbook' in input ? resolve(fileOf(input)) : null

const fileOf = ({ playbook }: PlaybookInput): string => (typeof playbook === 'string' ? playbook : playbook.file)

/** Of the inventory. */
export const sourcesOf = ({ inventory }: PlaybookInput | RestartInput): readonly string[] =>
  absoluteSources(inventory instanceof Inventory ? inventory.sources : [inventory].flat())
