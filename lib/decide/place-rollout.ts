/** How a play goes over its hosts, and what is asked between its batches, with the variables of the machine that asks. */
import * as E from 'fp-ts/lib/Either.js'
import type { SourcePos } from '../model/place.js'
import type { InputProblem } from '../model/problem.js'
import type { Check } from '../model/ready.js'
import {
  parsePercentage,
  parseShare,
  percentageForm,
  type Rollout,
  type Share,
  shareForm,
  type WrittenRollout,
} from '../model/rollout.js'
import { shellWord } from '../model/shell.js'
import type { Template } from '../model/template.js'
import { isList, kindOfValue, textOfValue, type Value } from '../model/value.js'
import { yesOrNo } from '../model/yes-or-no.js'
import type { Scope } from './expression/scope.js'
import { placeReady } from './place-ready.js'
import { renderPartly, renderRest, renderText, valueOfTemplate } from './variables.js'

export const placeRollout = (
  { serial, gate, budget, ...rest }: WrittenRollout,
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
  const worth = <A>(template: Template, read: (value: Value) => A, otherwise: A): A => {
    const value = valueOfTemplate(template, scope)
    if (E.isRight(value)) return read(value.right)
    problems.push(value.left)
    return otherwise
  }
  const formed = <A>(value: Value, at: SourcePos, parse: (text: string) => A | null, expected: string): A | null => {
    const written = textOfValue(value)
    const read = written === null ? null : parse(written)
    const found = written === null || scope.around.work.touched ? kindOfValue(value) : `"${written}"`
    if (read === null) problems.push({ _tag: 'WrongType', at, expected, found })
    return read
  }
  const sizesOf = (size: Share | Template): readonly Share[] => {
    if ('_tag' in size) return [size]
    const sizes = (value: Value) =>
      (isList(value) ? value : [value]).flatMap(one => formed(one, size.at, parseShare, shareForm) ?? [])
    return worth(size, sizes, [])
  }
  const percentageOf = (most: number | Template | null): number | null => {
    if (most === null || typeof most === 'number') return most
    return worth(most, value => formed(value, most.at, parsePercentage, percentageForm), null)
  }
  const isFatal = (fatal: boolean | Template): boolean => {
    if (typeof fatal === 'boolean') return fatal
    return worth(fatal, value => formed(value, fatal.at, yesOrNo, 'true or false') ?? false, false)
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
  const rollout: Rollout = {
    ...rest,
    serial: serial.flatMap(sizesOf),
    budget: {
      ...budget,
      maxFailPercentage: percentageOf(budget.maxFailPercentage),
      anyErrorsFatal: isFatal(budget.anyErrorsFatal),
    },
    gate: { withinMs: gate.withinMs, checks: checks as readonly Check[] },
  }
  return { rollout, problems }
}

/** For what could not be filled in and was said to be so. */
const standIn = '-'
