/** What every step needs to do its work. */
import type { HostService } from '../model/catalog.js'
import type { RunFact } from '../model/event.js'
import type { Step } from '../model/plan.js'
import type { Clock } from './clock.js'
import type { HostSession } from './host-session.js'
import type { Journal } from './journal/journal.js'

export type StepContext = Readonly<{
  step: Step
  service: HostService
  session: HostSession
  clock: Clock
  emit: (fact: RunFact) => void
  journal: Journal
}>
