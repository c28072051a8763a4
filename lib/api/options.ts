/** How hosts are reached and looked at: good without being told anything. */
import type { Clock } from '../model/clock.js'
import type { RunFact } from '../model/event.js'
import type { Expansion } from '../model/playbook.js'
import { mapTexts, redactor } from '../model/redact.js'
import type { Secret } from '../model/secret.js'
import { withBecome } from '../remote/become.js'
import { transportByRoute } from '../remote/by-route.js'
import type { AskFromHere } from '../remote/check.js'
import { guarded } from '../remote/guarded.js'
import type { Transport } from '../remote/transport.js'
import { systemClock } from '../run/clock.js'
import type { RunContext } from '../run/run-context.js'
import { login } from './here.js'
import { type Passwords, redactionsFor } from './hiding.js'
import { orReject } from './load.js'
import { unlockKeys } from './unlock-keys.js'

/**
 * What it takes to log in; where nothing is said, as the user that this process runs as, by its agent and key files. Times
 * are as ssh_config(5) has them, else as given below.
 */
export type AccessOptions = Readonly<{
  /** Who logs in where the inventory names nobody. */
  user?: string
  /** Its `.ssh` holds known_hosts and the keys that are tried where the inventory names none. */
  home?: string
  /** As in `SSH_AUTH_SOCK`; null where there is no agent. */
  agentSocket?: string | null
  /** In this order; those that do not exist are passed over. New keys are written into the first. */
  knownHostsFiles?: readonly string[]
  /** `strict`: only hosts that are known. `accept-new`: those of which nothing is known are written down at first sight. */
  hostKeys?: 'strict' | 'accept-new'
  /** Tried once for each host of which the inventory has none, and only where no key is taken. */
  password?: Secret | null
  /**
   * Asked before the first connection for each encrypted key file that may be needed and no agent holds. Null: it is done
   * without that key. Asked again where it was wrong (`attempt` counts from 1); the third time is an `InputError`.
   */
  passphrase?: (keyFile: string, attempt: number) => Secret | null | Promise<Secret | null>
  /** Given to sudo where it wants one, once a host, unless the inventory has another for it. */
  becomePassword?: Secret | null
  /** A run tells how each login went, by events `LoginTried`. */
  tellLogins?: boolean
  /** By the system's own OpenSSH client instead of the built-in one, for all hosts of which the inventory says nothing. */
  client?: 'openssh'
  /** Finding the address and reaching it; 10,000. */
  connectTimeoutMs?: number
  /** From then on until logged in; 20,000. */
  handshakeTimeoutMs?: number
  /** A host that leaves three signs of life in a row unanswered, this far apart, is gone; 15,000. */
  keepaliveMs?: number
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

/**
 * `emit` is given nothing that the inventory, a vault or the options hold as a secret. Rejects with an `InputError` where
 * a key cannot be opened.
 */
export const contextOf = async (
  expansion: Expansion,
  options: LookOptions,
  emit: (fact: RunFact) => void = () => {},
): Promise<RunContext> => {
  const { access = {}, clock = systemClock, forks = 50, transport, askFromHere } = options
  const { commandDeadlineMs, maxAnswerBytes } = options
  const hide = hiderFor(expansion, access)
  const heard = (fact: RunFact): void => emit(hide(fact))
  return {
    transport:
      transport === undefined
        ? transportByRoute({
            onHostKeyRecorded: (host, recorded) => heard({ _tag: 'HostKeyRecorded', host, ...recorded }),
            ...(access.tellLogins
              ? { onLoginTried: (host, login) => heard({ _tag: 'LoginTried', host, ...login }) }
              : {}),
            ...(await unlocked(expansion, { ...login(), ...access })),
          })
        : withBecome(guarded(transport), access.becomePassword ?? null),
    clock,
    forks,
    emit: heard,
    ...(askFromHere === undefined ? {} : { askFromHere }),
    ...(commandDeadlineMs === undefined ? {} : { commandDeadlineMs }),
    ...(maxAnswerBytes === undefined ? {} : { maxAnswerBytes }),
  }
}

const unlocked = async (
  { routes }: Expansion,
  { passphrase, tellLogins: _, ...access }: AccessOptions & ReturnType<typeof login>,
): Promise<Parameters<typeof transportByRoute>[0]> => {
  if (passphrase === undefined) return access
  const keys = await unlockKeys(routes.values(), access, async (keyFile, attempt) => passphrase(keyFile, attempt))
  return { ...access, unlockedKeys: orReject(keys) }
}

/** Takes every secret out of all texts of a value. */
export const hiderFor = (expansion: Expansion, passwords: Passwords): (<A>(value: A) => A) => {
  const redactions = redactionsFor(expansion, passwords)
  if (redactions.length === 0) return value => value
  const hide = redactor(redactions)
  return value => mapTexts(value, hide)
}
