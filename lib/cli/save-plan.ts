/** `-o FILE`: keeps a plan to be applied later, and to be read before. */
import { resolve } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { digestPlay } from '../decide/digest.js'
import type { InputFile, RunOptions } from '../model/journal.js'
import type { Plan } from '../model/plan.js'
import { secretMark } from '../model/redact.js'
import { savedPlanText } from '../report/saved-plan.js'
import { systemClock } from '../run/clock.js'
import { replaceFile } from './replace-file.js'

type Saving = Readonly<{ version: string; madeBy: string; options: RunOptions }>

/** Before anything is looked at: why it could not be kept there; null: it can. */
export const whyNotSaved = (path: string, inputs: readonly InputFile[], options: RunOptions): string | null => {
  if (inputs.some(input => input.path === resolve(path))) return `-o ${path}: the plan is made from that file`
  if (!JSON.stringify(options).includes(secretMark)) return null
  return 'an option holds a secret, and a plan keeps none: put it into a file, as in -e @FILE'
}

/** `plan` and `options` are without secrets. For this user alone, as commands are in it. The Left says why it could not be. */
export const savePlan = (path: string, plan: Plan, saving: Saving): E.Either<string, void> => {
  const text = savedPlanText({ madeAtMs: systemClock.now(), ...saving, plays: plan.plays.map(digestPlay) })
  return E.mapLeft((why: string) => `the plan cannot be saved in ${path}: ${why}`)(replaceFile(path, text, 0o600))
}
