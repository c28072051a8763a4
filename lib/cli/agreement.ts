/** Before a run on a terminal changes anything: its plan is shown, and where that stops something, a yes is asked for. */
import type { Plan, Step } from '../model/plan.js'
import { isToBeDone } from '../model/plan.js'
import { plural } from '../report/columns.js'
import { shortPlanLines } from '../report/plan-summary.js'
import type { Style } from '../report/style.js'
import { askYes, isAtTerminal } from './ask-yes.js'
import type { Screen } from './screen.js'

export type AgreementOptions = Readonly<{ yes?: true; step?: true; json?: true }>

type Asking = Readonly<{
  agree?: (plan: Plan) => Promise<boolean>
  goOn?: (question: string) => Promise<boolean>
  stepwise?: boolean
}>

/** Nobody is asked where there is no terminal; no form of output stands for a yes. */
export const asking = (
  { yes, step, json }: AgreementOptions,
  screen: Screen,
  style: Style,
  signal: AbortSignal,
): Asking => {
  const stepwise = step === true
  if (!isAtTerminal()) return { stepwise, ...(yes ? { goOn: async () => true } : {}) }
  const goOn = (question: string) => screen.hold(() => askYes(question, signal))
  const agree = async (plan: Plan): Promise<boolean> => {
    if (json !== true) screen.tell(shortPlanLines(plan, style))
    const stops = plan.plays.flatMap(({ steps }) => steps.filter(stopsSomething))
    if (stops.length === 0 || yes === true || stepwise) return true
    const hosts = new Set(stops.map(({ host }) => host)).size
    return goOn(`This stops ${plural(stops.length, 'service')} on ${plural(hosts, 'host')}. Do it?`)
  }
  return { stepwise, agree, goOn: yes === true && !stepwise ? async () => true : goOn }
}

const stopsSomething = (step: Step): boolean => isToBeDone(step) && stops.has(step.action._tag)

const stops: ReadonlySet<Step['action']['_tag']> = new Set(['Stop', 'Restart', 'Trim'])
