/** What was seen on one host, when, and by which command. */
import type { Either } from 'fp-ts/lib/Either.js'
import type { HostName } from './names.js'
import type { LogEnds, Question } from './ready.js'

declare const hostText: unique symbol

/**
 * Text that came from a host and is not to be trusted: never a template, never shell text, and escaped by
 * `printable` wherever it is shown.
 */
export type HostText = string & { readonly [hostText]: true }

/** All that one look has seen of a host; what could not be seen says why. */
export type Observation = Readonly<{
  host: HostName
  /** When it was asked for, by the controller's clock, in milliseconds since 1970: nothing seen is older than that. */
  takenAtMs: number
  /** Who looked: what is hidden depends on it. */
  login: Readonly<{ uid: number }>
  /** Tells one boot of the host from the next (`/proc/sys/kernel/random/boot_id`), where there is one. */
  bootId: string | null
  processes: Seen<readonly Process[]>
  listeners: Seen<readonly Listener[]>
  /** Who the users are that were asked for: their uids, null where the host knows no such user. */
  users: ReadonlyMap<string, number | null>
  /** What each path that was asked for really is, with no symbolic link in it; null where there is none. */
  paths: ReadonlyMap<string, HostText | null>
  /**
   * What came or went while the tables were read, as `PID/TICKS`: something may have handed over to a process that is in
   * none of them, so that nothing can be said to be absent.
   */
  unsettled: ReadonlySet<string>
  /** The lines of each file that was asked for, by its path. */
  files: ReadonlyMap<string, Seen<readonly HostText[]>>
  /** Of each script that was asked for: can it be run? */
  scripts: ReadonlyMap<string, 'executable' | 'unusable' | 'missing'>
  /** The unit that systemd made of each script that was asked for, where it did. */
  units: ReadonlyMap<string, ScriptUnit>
  /** Of each log that was asked for: where it ends. */
  logEnds: LogEnds
  /** What each check said that was asked. */
  answers: Answers
  /** Null where they were not asked for. */
  origins: Origins | null
}>

/** What a check of readiness said. */
export type Answer =
  | Readonly<{ _tag: 'Http'; status: number; body: HostText }>
  | Readonly<{ _tag: 'Yes' }>
  /** Why not; text of the host's is in it as it came. */
  | Readonly<{ _tag: 'No'; why: string }>

/** By the questions themselves. */
export type Answers = ReadonlyMap<Question, Answer>

/** Where processes come from: what a draft of a catalog is made from. */
export type Origins = Readonly<{
  /** The systemd unit each process is in. */
  units: ReadonlyMap<number, HostText>
  /** Paths of init scripts that can be run. */
  initScripts: readonly HostText[]
  /** Names of users by their numbers. */
  userNames: ReadonlyMap<number, HostText>
}>

/** `active` and `sub` are its ActiveState and SubState (systemctl(1)): `active` and `exited`, for one. */
export type ScriptUnit = Readonly<{ name: string; active: HostText; sub: HostText }>

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
  /** Seconds since it was started, by the host's own clock; null where `ps` does not tell. */
  ageSeconds: number | null
  /** Clock ticks from boot to its start (`/proc/PID/stat`, field 22; proc(5)): with the boot id, its identity. */
  startTicks: number | null
  /** Its start as `ps` shows it (`lstart`, in UTC): where there are no ticks, all there is to tell it by. */
  startedAt: HostText | null
  /** The file it runs and the folder it works in; null where they were not asked for or cannot be seen. */
  exe: HostText | null
  cwd: HostText | null
  args: readonly HostText[]
  /** It is in a pid namespace below that of the login, such as a container's: the host's own services are not there. */
  contained: boolean
  /** A thread of the kernel's: no program, no arguments. */
  isKernel: boolean
  /**
   * Where `args` is from: `ps` joins them with spaces, so that the borders between them are a guess. `short ps` is that
   * of BusyBox or toybox, which cuts what is longer than about 2,000 bytes, whatever it is told.
   */
  argsFrom: 'cmdline' | 'ps' | 'short ps'
}>

export type Listener = Readonly<{
  /** `*` for every address; IPv4 inside IPv6 is written as IPv4. */
  address: string
  port: number
  /** The pids that hold it; null when the host does not tell them to this login. */
  owners: readonly number[] | null
}>
