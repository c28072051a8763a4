/** Warnings about what is legal and unwise, each with the line that it is in and a caret. */
import type { LintWarning } from '../model/lint.js'
import type { SourcePos } from '../model/place.js'
import { excerptOf } from './excerpt.js'
import { warningLines } from './problems.js'

/** `lineAt` is null where the line cannot be had. */
export const lintReport = (
  warnings: readonly LintWarning[],
  lineAt: (at: SourcePos) => string | null,
): readonly string[] =>
  warnings.flatMap(({ rule, at, why, instead }) => {
    const line = lineAt(at)
    const excerpt = line === null ? [] : excerptOf(line, at)
    return [...warningLines([{ at, what: `${rule}: ${why}; ${instead}` }]), ...excerpt]
  })
