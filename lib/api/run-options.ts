/** What a run of a program is told, and how it ends. */
import type { HostRecap } from '../model/event.js'
import type { ExitCode } from '../model/exit-code.js'
import type { Plan } from '../model/plan.js'
import type { Transport } from '../remote/transport.js'
import type { Journal } from '../run/journal/journal.js'
import type { LookOptions } from './options.js'

/** For whatever acts. */
export type RunOptions = LookOptions &
  Readonly<{
    /**
     * Where each act is written down before it is done. Not given: a file below `$XDG_STATE_HOME/steward/runs`, for
     * `steward runs` and `steward show`. Null: nowhere, so that after a crash nothing is known but what can be seen.
     */
    journal?: Journal | null
    /** Whether a host is locked before anything is done on it, so that no two runs act there at once; true. */
    lock?: boolean
    /** How long a lock that another run holds is waited for; 60,000. */
    lockTimeoutMs?: number
    /** How hooks get to the machine that this runs on; this very one if not given. */
    controller?: Transport
    /** Shown the plan before anything is done by it: whether it is to be done. No answer is waited for once it is stopped. */
    agree?: (plan: Plan) => boolean | Promise<boolean>
  }>

/** `exitCode` is as the command line has it; of `recap` see the event `RunEnded`. */
export type RunResult = Readonly<{ runId: string; exitCode: ExitCode; recap: ReadonlyMap<string, HostRecap> }>
