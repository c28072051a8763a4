/** The judgement on one service on one host, with what it rests on. */
import type { Instance } from './catalog.js'
import type { ListenAddress } from './listen-address.js'
import type { Process, ScriptUnit } from './observation.js'

/** What is so, by its `_tag`, and all that it was judged by. */
export type Verdict = Readonly<{ evidence: Evidence }> &
  Readonly<
    | { _tag: 'stopped' }
    | { _tag: 'starting'; waitingFor: string }
    | { _tag: 'running' }
    | { _tag: 'degraded'; missing: readonly Instance[] }
    | { _tag: 'hung'; why: string }
    /** More copies than one of `extra`; `undeclared` ones are of an `each` whose line is not there. */
    | { _tag: 'duplicate'; extra: readonly InstanceEvidence[]; undeclared: readonly InstanceEvidence[] }
    | { _tag: 'foreign'; strangers: readonly PortEvidence[] }
    /** `own`: `why` without what it quotes of the host, where it does. */
    | { _tag: 'unknown'; why: string; own?: string }
  >

export type Evidence = Readonly<{
  instances: readonly InstanceEvidence[]
  /** Instances of an `each` that run and that no line of its file names. */
  undeclared: readonly InstanceEvidence[]
  ports: readonly PortEvidence[]
  /** Start commands of the service that somebody is running right now. */
  starters: readonly Process[]
  /** Which of the declared scripts would be called; null where none of them can be. */
  script: string | null
  /** The unit that systemd made of that script; null where it made none, or there is no systemd. */
  unit: ScriptUnit | null
  /** What was looked with, as in `ps, ss`. */
  seenBy: readonly string[]
  /** In which boot of the host; null where it does not tell. */
  bootId: string | null
  takenAtMs: number
}>

/** The copies of one instance that were seen: none, one as it should be, or more. */
export type InstanceEvidence = Readonly<{ instance: Instance; copies: readonly Copy[] }>

/** One daemon as the operator counts: a process and those of its children that are the same program (jsvc, prefork). */
export type Copy = readonly [Process, ...Process[]]

export type PortEvidence = Readonly<{
  wanted: ListenAddress
  /** Is anything listening there at all? */
  open: boolean
  /** Processes of the instance that hold it. */
  own: readonly Process[]
  /** Anybody else that holds it. */
  strangers: readonly Process[]
  /** It is open and this login cannot see by whom. */
  hidden: boolean
}>
