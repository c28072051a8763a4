/**
 * What other programs may use. Nothing in here writes to the terminal, ends the process or keeps state between calls.
 *
 * What is called rejects with a typed error, `InputError` or `JournalUnwritableError`. What is passed in (a transport, a
 * journal) returns results instead, `{ _tag: 'Left', left }` or `{ _tag: 'Right', right }` as fp-ts has them: there each
 * failure has its meaning, and an exception would have none.
 *
 * @packageDocumentation
 */

export { InputError, JournalUnwritableError, type Problem } from './api/errors.js'
export { type Consequence, type Explanation, explain } from './api/explain.js'
export type { CatalogInput, PlaybookInput, RestartInput } from './api/input.js'
export { loadCatalog, loadInventory, loadPlaybook, type ReadOptions } from './api/load.js'
export type { Catalog, Inventory, Playbook } from './api/loaded.js'
export { type HostLook, type JudgeOptions, observe, plan, type ServiceStatus, status } from './api/look.js'
export type { AccessOptions, LookOptions } from './api/options.js'
export { apply, type ResumeOptions, type Run, restart, resume, run } from './api/run.js'
export type { RunOptions, RunResult } from './api/run-options.js'
export { type Simulation, simulate } from './api/simulated.js'
export type { Clock } from './model/clock.js'
export type { HostRecap, Recap, RunEvent, RunFact } from './model/event.js'
export { type ExitCode, exitCodes } from './model/exit-code.js'
export type { Route } from './model/inventory.js'
export type { InputFile, JournalEntry } from './model/journal.js'
export type { Observation } from './model/observation.js'
export type { SourcePos } from './model/place.js'
export type { Action, Plan, PlannedPlay, Step } from './model/plan.js'
export type { RemoteError } from './model/remote-error.js'
export { Secret } from './model/secret.js'
export type { Verdict } from './model/verdict.js'
export { type ShellCommand, shellTransport } from './remote/shell.js'
export type { SimulatedHost } from './remote/simulated/host.js'
export type { Connection, Script, ScriptOutput, Transport } from './remote/transport.js'
export { printable } from './report/printable.js'
export type { Journal } from './run/journal/journal.js'
