/** What a run is given from outside; nothing in here is global. */

import type { Clock } from '../model/clock.js'
import type { RunFact } from '../model/event.js'
import type { LockClaim } from '../model/lock.js'
import type { Looks } from '../model/observation.js'
import type { Plan } from '../model/plan.js'
import type { Rollback } from '../model/rollout.js'
import type { AskFromHere } from '../remote/check.js'
import type { Transport } from '../remote/transport.js'
import type { Held } from './hold.js'
import type { Journal } from './journal/journal.js'

export type RunContext = Readonly<{
  transport: Transport
  clock: Clock
  /** The most hosts at work at once. */
  forks: number
  emit: (fact: RunFact) => void
  /** Where every act is written down before it is done; a run without one remembers nothing. */
  journal?: Journal
  /** What is put into the lock of each host that is acted on; null: no host is locked. */
  lock?: LockClaim | null
  /** How long a lock that another run holds is waited for. */
  lockTimeoutMs?: number
  /** How hooks get to the machine that steward runs on; this one if not given. */
  controller?: Transport
  /** How checks of readiness are asked from this machine, if not over its own network. */
  askFromHere?: AskFromHere
  /** The most that a host may answer to one script; what is larger is not believed. 8 MiB if not given. */
  maxAnswerBytes?: number
  /** How long a look at a host may take, and what else has no time of its own. 30 s if not given. */
  commandDeadlineMs?: number
  /** Looks that were saved before, to be judged instead of new ones; what acts does not take them. */
  savedLooks?: Looks
  /** Shown the plan before anything is done by it: whether it is to be done. */
  agree?: (plan: Plan) => Promise<boolean>
  /** The saved plan that this run is kept to. */
  held?: Held
  /** Asks a person whether to go on; where there is none, nothing that asks goes on. */
  goOn?: (question: string) => Promise<boolean>
  /** Done to what a rollout had begun in its last batch, where it is stopped for its failures and a service allows it. */
  rollback?: Rollback
  /** Asks so before each batch that changes anything. */
  stepwise?: boolean
  /** Aborted: what is under way is brought to its end, and nothing new is begun. */
  signal?: AbortSignal
}>
