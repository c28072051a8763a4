/** What every step needs to do its work. */
import type { Either } from 'fp-ts/lib/Either.js'
import type { HookResult } from '../act/hook.js'
import type { AfterMoment, Hook, HostService } from '../model/catalog.js'
import type { Clock } from '../model/clock.js'
import type { RunFact } from '../model/event.js'
import type { Step } from '../model/plan.js'
import type { Acts } from './acts.js'
import type { HostSession } from './host-session.js'
import type { Journal } from './journal/journal.js'

export type RunHere = (hook: Hook<string>, endAfterSeconds?: number) => Promise<Either<string, HookResult>>

export type StepContext = Readonly<{
  step: Step
  service: HostService
  /** Services that are known of the same host: what is theirs is no stray of this one's. */
  others: readonly HostService[]
  session: HostSession
  clock: Clock
  emit: (fact: RunFact) => void
  journal: Journal
  acts: Acts
  /** Hooks after what this step has done before: of the start in a restart, those that its stop has made due. */
  alreadyDue: readonly AfterMoment[]
  /** Runs a hook's command on the machine that steward runs on; the Left says why it is not known what came of it. */
  runHere: RunHere
}>
