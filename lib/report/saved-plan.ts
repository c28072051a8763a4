/** A plan as it is written into a file: JSON, a step a line. */
import { type SavedPlan, type SavedPlay, savedPlanMark, savedPlanVersion } from '../model/saved-plan.js'
import { toJson } from './json.js'

export const savedPlanText = ({ plays, ...plan }: SavedPlan): string => {
  const fields = Object.entries({ [savedPlanMark]: savedPlanVersion, ...plan })
  const head = fields.map(([name, value]) => `${toJson(name)}: ${toJson(value)}`)
  return `{\n${[...head, `"plays": [\n${plays.map(playText).join(',\n')}\n]`].join(',\n')}\n}\n`
}

const playText = ({ name, steps }: SavedPlay): string =>
  `{"name": ${toJson(name)}, "steps": [\n${steps.map(step => toJson(step)).join(',\n')}\n]}`
