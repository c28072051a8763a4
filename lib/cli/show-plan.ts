/** What a run would do, and nothing done. */
import { type ExitCode, exitCodes } from '../model/exit-code.js'
import type { HooksLeft } from '../model/journal.js'
import { isAct, type Plan } from '../model/plan.js'
import type { Expansion } from '../model/playbook.js'
import { toJson } from '../report/json.js'
import { planLines } from '../report/plan.js'
import { hooksLeftLines } from '../report/runs.js'
import { planRun } from '../run/run.js'
import type { Access } from './access.js'
import { type CommonOptions, contextFor, type PlanOptions, style } from './common.js'
import { hide } from './hiding.js'
import { silentScreen } from './screen.js'

/** `left`: hooks that it would leave undone too. */
export const showPlan = async (
  expansion: Expansion,
  left: readonly HooksLeft[],
  options: CommonOptions & PlanOptions,
  access: Access,
): Promise<ExitCode> => {
  const planned = await planRun(expansion, contextFor(options, access, silentScreen))
  const plan = hide(planned, expansion, access)
  console.log(options.json ? toJson(plan) : planLines(plan, style()).join('\n'))
  for (const line of hooksLeftLines(left)) console.error(`steward: ${line}`)
  return exitCodeOfPlan(plan, options)
}

/** What cannot be done weighs more than what is to be done. */
const exitCodeOfPlan = ({ plays }: Plan, { detailedExitcode }: PlanOptions): ExitCode => {
  const actions = plays.flatMap(({ steps }) => steps.map(({ action }) => action))
  if (actions.some(({ _tag }) => _tag === 'Unreachable')) return exitCodes.unreachable
  if (actions.some(({ _tag }) => _tag === 'Refuse')) return exitCodes.failed
  return detailedExitcode && actions.some(isAct) ? exitCodes.pending : exitCodes.ok
}
