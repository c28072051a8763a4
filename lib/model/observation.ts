/** What was seen on one host, when, and by which command. */
import type { Either } from 'fp-ts/lib/Either.js'
import type { HostName } from './names.js'

declare const hostText: unique symbol

/**
 * Text that came from a host and is not to be trusted: never a template, never shell text, and escaped by
 * `printable` wherever it is shown.
 */
export type HostText = string & { readonly [hostText]: true }

export type Observation = Readonly<{
  host: HostName
  /** By the controller's clock, in milliseconds since 1970. */
  takenAtMs: number
  /** Who looked: what is hidden depends on it. */
  login: Readonly<{ uid: number }>
  /** Tells one boot of the host from the next (`/proc/sys/kernel/random/boot_id`), where there is one. */
  bootId: string | null
  processes: Seen<readonly Process[]>
  listeners: Seen<readonly Listener[]>
  /** The lines of each file that was asked for, by its path. */
  files: ReadonlyMap<string, Seen<readonly HostText[]>>
  /** Of each script that was asked for: can it be run? */
  scripts: ReadonlyMap<string, 'executable' | 'unusable' | 'missing'>
}>

/** What a look at each host gave; the Left says why there is none. */
export type Looks = ReadonlyMap<HostName, Either<string, Observation>>

/** Something that was looked for: seen, and by which command; or not, and why not. */
export type Seen<A> = Readonly<{ _tag: 'Seen'; by: string; value: A } | { _tag: 'Unseen'; why: string }>

export type Process = Readonly<{
  pid: number
  ppid: number
  uid: number | null
  /** The first letter of `ps`'s state: R, S, D, T, Z and their kin. */
  state: string
  /** Seconds since it was started, by the host's own clock. */
  ageSeconds: number
  /** Clock ticks from boot to its start (`/proc/PID/stat`, field 22; proc(5)): with the boot id, its identity. */
  startTicks: number | null
  args: readonly HostText[]
  /** It is in a pid namespace below that of the login, such as a container's: the host's own services are not there. */
  contained: boolean
  /** Where `args` is from: `ps` joins them with spaces, so that the borders between them are a guess. */
  argsFrom: 'cmdline' | 'ps'
}>

export type Listener = Readonly<{
  /** `*` for every address; IPv4 inside IPv6 is written as IPv4. */
  address: string
  port: number
  /** The pids that hold it; null when the host does not tell them to this login. */
  owners: readonly number[] | null
}>
