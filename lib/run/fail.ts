/** A failure, with all there is to see of it. */

import type { LogEnds } from '../model/ready.js'
import type { Reason } from '../model/reason.js'
import { failed, type Outcome } from './outcome.js'
import type { StepContext } from './step-context.js'

/** `said` is what a script said; the ends of the service's logs come after it, without what was there before where
`logEnds` tells. */
export const failShowing = async (
  { service, session }: StepContext,
  why: string | Reason,
  wayOut: string | null,
  said: string | null,
  logEnds: LogEnds | null = null,
): Promise<Outcome> => {
  const logs = service.logs.length === 0 ? null : await session.readLogs(service, service.logs, logEnds)
  const shown = [said, logs].filter(part => part !== null)
  return failed(why, wayOut, shown.length === 0 ? null : shown.join('\n'))
}
