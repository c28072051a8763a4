/** What a run would do, and nothing done. */
import * as E from 'fp-ts/lib/Either.js'
import { version, whoWeAre } from '../api/here.js'
import { hide, redactionsFor } from '../api/hiding.js'
import { type ExitCode, exitCodes } from '../model/exit-code.js'
import type { HooksLeft, RunOptions } from '../model/journal.js'
import { isAct, type Plan } from '../model/plan.js'
import type { Expansion } from '../model/playbook.js'
import { diffLines } from '../report/diff.js'
import { toJson } from '../report/json.js'
import { planLines } from '../report/plan.js'
import { printable } from '../report/printable.js'
import { hooksLeftLines } from '../report/runs.js'
import type { Held } from '../run/hold.js'
import { planRun } from '../run/run.js'
import type { Access } from './access.js'
import { type CommonOptions, type PlanOptions, style } from './common.js'
import { contextFor } from './context.js'
import { hidingScreen } from './hiding-screen.js'
import { savePlan } from './save-plan.js'
import { silentScreen } from './screen.js'
import { fitted } from './window.js'

type Shown = Readonly<{
  /** Hooks that it would leave undone too. */
  left: readonly HooksLeft[]
  held: Held | undefined
  /** What it takes to plan it again, without secrets. */
  again: RunOptions
}>

export const showPlan = async (
  expansion: Expansion,
  { left, held, again }: Shown,
  options: CommonOptions & PlanOptions,
  access: Access,
): Promise<ExitCode> => {
  const screen = hidingScreen(silentScreen, redactionsFor(expansion, access))
  const context = contextFor(options, access, screen)
  const planned = await planRun(expansion, held === undefined ? context : { ...context, held })
  const plan = hide(planned, expansion, access)
  const lines = () => [...(options.diff ? diffLines(plan, style()) : []), ...planLines(plan, style())]
  console.log(options.json ? toJson(plan) : fitted(lines()).join('\n'))
  for (const line of hooksLeftLines(left)) console.error(`steward: ${line}`)
  const saved = options.out === undefined ? E.right(undefined) : saveAs(options.out, plan, again)
  if (E.isRight(saved)) return exitCodeOfPlan(plan, options)
  console.error(printable(`steward: ${saved.left}`))
  return exitCodes.failed
}

const saveAs = (file: string, plan: Plan, again: RunOptions): E.Either<string, void> => {
  const saved = savePlan(file, plan, { version: version(), madeBy: whoWeAre(), options: again })
  if (E.isRight(saved)) console.error(printable(`steward: saved: steward apply ${file} does just this`))
  return saved
}

/** What cannot be done weighs more than what is to be done. */
const exitCodeOfPlan = ({ plays }: Plan, { detailedExitcode }: PlanOptions): ExitCode => {
  const actions = plays.flatMap(({ steps }) => steps.map(({ action }) => action))
  if (actions.some(({ _tag }) => _tag === 'Unreachable')) return exitCodes.unreachable
  if (actions.some(({ _tag }) => _tag === 'Refuse')) return exitCodes.failed
  return detailedExitcode && actions.some(isAct) ? exitCodes.pending : exitCodes.ok
}
