/** What a run would do, and nothing done. */
import { type ExitCode, exitCodes } from '../model/exit-code.js'
import type { HooksLeft } from '../model/journal.js'
import type { Plan } from '../model/plan.js'
import type { Expansion } from '../model/playbook.js'
import { toJson } from '../report/json.js'
import { planLines } from '../report/plan.js'
import { hooksLeftLines } from '../report/runs.js'
import { planRun } from '../run/run.js'
import type { Access } from './access.js'
import { type CommonOptions, contextFor, style } from './common.js'
import { hide } from './hiding.js'
import { silentScreen } from './screen.js'

/** `left`: hooks that it would leave undone too. */
export const showPlan = async (
  expansion: Expansion,
  left: readonly HooksLeft[],
  options: CommonOptions,
  access: Access,
): Promise<ExitCode> => {
  const planned = await planRun(expansion, contextFor(options, access, silentScreen))
  const plan = hide(planned, expansion, access)
  console.log(options.json ? toJson(plan) : planLines(plan, style()).join('\n'))
  for (const line of hooksLeftLines(left)) console.error(`steward: ${line}`)
  return exitCodeOfPlan(plan)
}

const exitCodeOfPlan = (plan: Plan): ExitCode => {
  const actions = plan.plays.flatMap(({ steps }) => steps.map(({ action }) => action._tag))
  if (actions.includes('Unreachable')) return exitCodes.unreachable
  return actions.includes('Refuse') ? exitCodes.failed : exitCodes.ok
}
