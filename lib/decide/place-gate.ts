/** What is asked between the batches of a play, with the variables of the machine that asks. */
import * as E from 'fp-ts/lib/Either.js'
import type { InputProblem } from '../model/problem.js'
import type { Check } from '../model/ready.js'
import type { Rollout, WrittenRollout } from '../model/rollout.js'
import { shellWord } from '../model/shell.js'
import type { Template } from '../model/template.js'
import type { Scope } from './expression/scope.js'
import { placeReady } from './place-ready.js'
import { renderPartly, renderRest, renderText } from './variables.js'

export const placeRollout = (
  { gate, ...rest }: WrittenRollout,
  scope: Scope,
): Readonly<{ rollout: Rollout; problems: readonly InputProblem[] }> => {
  const problems: InputProblem[] = []
  const text = (template: Template): string => {
    const filled = renderText(template, scope)
    if (E.isRight(filled)) return filled.right
    problems.push(filled.left)
    return standIn
  }
  const command = (template: Template): string => {
    const filled = renderPartly(template, scope, [], shellWord)
    if (E.isRight(filled)) return renderRest(filled.right, new Map(), shellWord)
    problems.push(filled.left)
    return standIn
  }
  const { checks } = placeReady(
    { withinMs: gate.withinMs, stableMs: 0, checks: gate.checks },
    {
      text,
      command,
      path: text,
      listen: () => ({ address: null, port: 0 }),
      refuse: ({ at }, expected, found) => {
        if (found !== `"${standIn}"`) problems.push({ _tag: 'BadValue', at, expected, found, host: scope.host })
      },
    },
  )
  return { rollout: { ...rest, gate: { withinMs: gate.withinMs, checks: checks as readonly Check[] } }, problems }
}

/** For what could not be filled in and was said to be so. */
const standIn = '-'
