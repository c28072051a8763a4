/** How hosts are reached and looked at: good without being told anything. */
import type { Clock } from '../model/clock.js'
import type { RunFact } from '../model/event.js'
import type { SshRoute } from '../model/inventory.js'
import type { Expansion } from '../model/playbook.js'
import { mapTexts, redactor } from '../model/redact.js'
import type { Secret } from '../model/secret.js'
import { withBecome } from '../remote/become.js'
import { transportByRoute } from '../remote/by-route.js'
import type { AskFromHere } from '../remote/check.js'
import type { SshOptions } from '../remote/ssh.js'
import type { Transport } from '../remote/transport.js'
import { systemClock } from '../run/clock.js'
import type { RunContext } from '../run/run-context.js'
import { login } from './here.js'
import { type Passwords, redactionsFor } from './hiding.js'

/** What it takes to log in; by agent and keys of the user that this process runs as, if nothing is said. */
export type AccessOptions = Partial<SshOptions> &
  Readonly<{
    /** For all hosts of which the inventory does not say it: the built-in client, or the system's own. */
    client?: SshRoute['client']
    /** Given to sudo where it wants one, once a host, unless the inventory has another for it. */
    becomePassword?: Secret | null
  }>

/** For whatever connects to hosts. */
export type LookOptions = Readonly<{
  /** Ends it: a look rejects with the signal's reason and closes its connections; of `run`, see there. */
  signal?: AbortSignal
  /** The most hosts at work at once; 50. */
  forks?: number
  access?: AccessOptions
  /** How every host is reached, in place of SSH and this machine. */
  transport?: Transport
  /** The time of this machine, if no other is given. */
  clock?: Clock
  /** How long a look at a host may take; 30,000. */
  commandDeadlineMs?: number
  /** The most that a host may answer to one script; 8 MiB. */
  maxAnswerBytes?: number
  /** How checks of readiness are asked from this machine, if not over its own network. */
  askFromHere?: AskFromHere
}>

/** `emit` is given nothing that the inventory, a vault or the options hold as a secret. */
export const contextOf = (
  expansion: Expansion,
  options: LookOptions,
  emit: (fact: RunFact) => void = () => {},
): RunContext => {
  const { access = {}, clock = systemClock, forks = 50, transport, askFromHere } = options
  const { commandDeadlineMs, maxAnswerBytes } = options
  const hide = hiderFor(expansion, access)
  const heard = (fact: RunFact): void => emit(hide(fact))
  return {
    transport:
      transport === undefined
        ? transportByRoute({
            onHostKeyRecorded: (host, recorded) => heard({ _tag: 'HostKeyRecorded', host, ...recorded }),
            ...login(),
            ...access,
          })
        : withBecome(transport, access.becomePassword ?? null),
    clock,
    forks,
    emit: heard,
    ...(askFromHere === undefined ? {} : { askFromHere }),
    ...(commandDeadlineMs === undefined ? {} : { commandDeadlineMs }),
    ...(maxAnswerBytes === undefined ? {} : { maxAnswerBytes }),
  }
}

/** Takes every secret out of all texts of a value. */
export const hiderFor = (expansion: Expansion, passwords: Passwords): (<A>(value: A) => A) => {
  const redactions = redactionsFor(expansion, passwords)
  if (redactions.length === 0) return value => value
  const hide = redactor(redactions)
  return value => mapTexts(value, hide)
}
