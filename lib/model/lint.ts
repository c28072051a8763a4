/** What is legal in a catalog and unwise. */
import type { SourcePos } from './place.js'

export type LintRule =
  | 'told-apart'
  | 'port-twice'
  | 'no-ready'
  | 'not-stable'
  | 'no-start'
  | 'no-stop'
  | 'no-time'
  | 'abrupt-kill'
  | 'exact-would-do'
  | 'interpreter-alone'
  | 'secret-in-command'
  | 'all-hosts'

/** `why`: what may come of it. `instead`: what to write. Neither repeats the text of a command, which may hold a secret. */
export type LintWarning = Readonly<{ rule: LintRule; at: SourcePos; why: string; instead: string }>

/** Does the line say, in a comment at its end, that it is meant so? `# lint: no-ready, no-stop` */
export const isSilenced = (rule: LintRule, line: string | null): boolean => {
  const named = /(?:^|\s)#\s*lint:\s*([a-z, -]+)$/.exec((line ?? '').trimEnd())?.[1] ?? ''
  return named.split(',').some(word => word.trim() === rule)
}
