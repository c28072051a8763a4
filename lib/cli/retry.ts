/** `--retry RUN`: a run on just the hosts that a past one did not bring to their end. */
import * as E from 'fp-ts/lib/Either.js'
import { ourJournals } from '../api/here.js'
import { type ExitCode, exitCodes } from '../model/exit-code.js'
import { journalErrorInWords, type PastRun } from '../model/journal.js'
import { plural, someOf } from '../report/columns.js'
import { printable } from '../report/printable.js'
import { readRun } from '../run/journal/history.js'
import { hostsToRetry } from '../run/journal/retry.js'
import { type CommonOptions, refuse } from './common.js'

/** `what` is the playbook or the services that it is of now. The Left is how it ended already. */
export const retrying = async <Options extends Pick<CommonOptions, 'only' | 'json'>>(
  options: Options,
  retry: string,
  what: string,
): Promise<E.Either<ExitCode, Options>> => {
  const refused = (reason: string) =>
    E.left(refuse([{ _tag: 'BadUsage', reason: `--retry ${retry}: ${reason}` }], options))
  const run = await readRun(ourJournals(), retry)
  if (E.isLeft(run)) return refused(journalErrorInWords(run.left))
  const only = hostsToRetry(run.right)
  if (E.isLeft(only)) return refused(only.left)
  const { runId } = run.right
  const say = (line: string) => console.error(printable(`steward: ${line}`))
  const was = whatOf(run.right)
  if (was !== what) say(`${runId} was of ${was}, which is not what is run now`)
  if (only.right.length > 0) {
    say(`${plural(only.right.length, 'host')} to retry of ${runId}: ${someOf(only.right)}`)
    return E.right({ ...options, only: only.right })
  }
  say(`nothing to retry: ${runId} has left no host failed, skipped, out of reach or unknown`)
  return E.left(exitCodes.ok)
}

const whatOf = ({ records: [opened] }: PastRun): string => {
  if (opened?._tag !== 'RunOpened') return 'what is not known'
  const services = opened.more['services']
  return opened.playbook ?? (Array.isArray(services) ? services.join(', ') : '')
}
