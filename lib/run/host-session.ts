/** Everything a run does on one host goes through here: looks, and scripts that act under the host's lock. */

import * as E from 'fp-ts/lib/Either.js'
import { type HookResult, hookScript, readHook } from '../act/hook.js'
import { type LaunchResult, launchScript, readLaunches } from '../act/launch.js'
import { readSignals, type SignalResult, signalScript } from '../act/signal.js'
import type { Recheck } from '../decide/verify.js'
import type { Become } from '../model/become.js'
import type { Hook, HostService } from '../model/catalog.js'
import { startOf } from '../model/cut-text.js'
import { goAhead, question } from '../model/frame.js'
import type { Route } from '../model/inventory.js'
import type { HostName } from '../model/names.js'
import type { Observation } from '../model/observation.js'
import type { Action, Launch, Watched } from '../model/plan.js'
import type { LogEnds, Question } from '../model/ready.js'
import { quoting, reason } from '../model/reason.js'
import { type RemoteError, remoteErrorInWords } from '../model/remote-error.js'
import type { PortWait } from '../observe/port-wait.js'
import type { ProbeRequest } from '../observe/probe.js'
import { askFromHere } from '../remote/check.js'
import type { ScriptOutput } from '../remote/transport.js'
import { freshNonce, HostLink, lookLimits } from './host-link.js'
import { HostLock, type Locked, type OnLock } from './host-lock.js'
import { HostLooks, type Look } from './host-looks.js'
import type { RunContext } from './run-context.js'

type LaunchListeners = Readonly<{ onGo: (action: Action) => void; onLock: OnLock }>

/** What acts runs as the service's own user. */
type Acting = Pick<HostService, 'become'>

type Hooked = Locked | Readonly<{ _tag: 'Sent'; result: E.Either<string, HookResult> }>
type Signalled = Locked | Readonly<{ _tag: 'Sent'; results: E.Either<string, readonly SignalResult[]> }>

/** What a guarded launch came to. */
export type Launched =
  | Readonly<{ _tag: 'Launched'; results: E.Either<string, readonly LaunchResult[]> }>
  /** The look right before it said no: nothing was launched. */
  | Readonly<{ _tag: 'Held'; recheck: Exclude<Recheck, { _tag: 'Go' }> }>
  | Locked
  /** The link failed. `sent`: the go-ahead had been given, so it may have been launched. */
  | Readonly<{ _tag: 'Failed'; error: RemoteError; sent: boolean }>

type SessionSettings = Pick<
  RunContext,
  'transport' | 'clock' | 'askFromHere' | 'maxAnswerBytes' | 'commandDeadlineMs' | 'lock' | 'lockTimeoutMs' | 'signal'
>

export class HostSession {
  readonly host: HostName
  readonly #link: HostLink
  readonly #looks: HostLooks

  constructor(
    host: HostName,
    route: Route,
    request: ProbeRequest,
    settings: SessionSettings,
    lookAs: Become | null = null,
  ) {
    this.host = host
    const newLock = () => new HostLock(settings.lock ?? null, settings.clock, settings.lockTimeoutMs, settings.signal)
    this.#link = new HostLink(host, route, settings.transport, lookLimits(settings), newLock)
    this.#looks = new HostLooks(this.#link, request, settings.clock, settings.askFromHere ?? askFromHere, lookAs)
  }

  look(questions: readonly Question[] = []): Promise<Look> {
    return this.#looks.look(questions)
  }

  lookOnceOpen(wait: PortWait): Promise<Look | null> {
    return this.#looks.lookOnceOpen(wait)
  }

  readLogs({ become: as }: Acting, files: readonly string[], ends: LogEnds | null): Promise<string> {
    return this.#looks.readLogs(as, files, ends)
  }

  /**
   * Looks, asks `recheck`, and launches only when it says go: all in one script on the host, under the host's lock. One
   * that another run holds is waited for.
   */
  launch(
    { become }: Acting,
    launches: readonly Launch[],
    deadlineMs: number,
    recheck: (now: Observation) => Recheck,
    { onGo, onLock }: LaunchListeners,
  ): Promise<Launched> {
    const lock = this.#link.lockOf(become)
    return lock.under(() => this.#launchOnce(become, lock, launches, deadlineMs, recheck, onGo, onLock), onLock)
  }

  async #launchOnce(
    as: Become | null,
    lock: HostLock,
    launches: readonly Launch[],
    deadlineMs: number,
    recheck: (now: Observation) => Recheck,
    onGo: (action: Action) => void,
    onLock: OnLock,
  ): Promise<Launched> {
    const nonce = freshNonce()
    const look = this.#looks.within()
    let said: Recheck | null = null
    const answer = (stdout: string): string => {
      const now = look.read(stdout)
      said = E.isLeft(now)
        ? { _tag: 'Moved', why: reason`it could not be looked at again${quoting(`: ${now.left}`)}`, isBlurred: false }
        : recheck(now.right)
      if (said._tag !== 'Go') return 'no\n'
      onGo(said.action)
      return `${goAhead(nonce)}\n`
    }
    const output = await this.#link.run(
      {
        text: launchScript(nonce, look.body, launches, deadlineMs, lock.claim),
        deadlineMs,
        maxBytes: this.#link.limits.maxBytes,
        dialogue: { question: question(nonce), answer },
        as,
      },
      look.onSend,
    )
    const locked = lock.read(nonce, stdoutOf(output), onLock)
    if (locked !== null) return locked
    const last = said as Recheck | null
    if (last !== null && last._tag !== 'Go') return { _tag: 'Held', recheck: last }
    if (E.isLeft(output)) return { _tag: 'Failed', error: output.left, sent: last !== null }
    if (last === null) return { _tag: 'Failed', error: endedUnasked(output.right), sent: false }
    return { _tag: 'Launched', results: readLaunches(nonce, launches, output.right.stdout) }
  }

  /** A Left says why it is not known what came of it. */
  async signal(
    { become: as }: Acting,
    name: string,
    bootId: string | null,
    targets: readonly Watched[],
    onLock: OnLock,
  ): Promise<Signalled> {
    const lock = this.#link.lockOf(as)
    return lock.under(async (): Promise<Signalled> => {
      const nonce = freshNonce()
      const text = signalScript(nonce, name, bootId, targets, lock.claim)
      const output = await this.#link.run({ text, ...this.#link.limits, as })
      const locked = lock.read(nonce, stdoutOf(output), onLock)
      if (locked !== null) return locked
      if (E.isLeft(output)) return { _tag: 'Sent', results: E.left(remoteErrorInWords(output.left)) }
      return { _tag: 'Sent', results: readSignals(nonce, targets, output.right.stdout) }
    }, onLock)
  }

  /** A Left says why it is not known what came of it. */
  async runHook({ become: as }: Acting, hook: Hook<string>, onLock: OnLock): Promise<Hooked> {
    const lock = this.#link.lockOf(as)
    return lock.under(async (): Promise<Hooked> => {
      const nonce = freshNonce()
      const text = hookScript(nonce, hook, lock.claim)
      const { maxBytes } = this.#link.limits
      const output = await this.#link.run({ text, deadlineMs: hook.withinMs, maxBytes, as })
      const locked = lock.read(nonce, stdoutOf(output), onLock)
      if (locked !== null) return locked
      if (E.isLeft(output)) return { _tag: 'Sent', result: E.left(remoteErrorInWords(output.left)) }
      return { _tag: 'Sent', result: readHook(nonce, output.right.stdout) }
    }, onLock)
  }

  close(): Promise<void> {
    return this.#link.close()
  }
}

/** As where the host had no process left for it: nothing was launched, as nobody said go. */
const endedUnasked = ({ stderr }: ScriptOutput): RemoteError => {
  const said = stderr.trim() === '' ? '' : `; stderr: "${startOf(stderr.trim(), 200)}"`
  return { _tag: 'BadAnswer', why: `the host did not run the script to the point where it asks to go on${said}` }
}

const stdoutOf = (output: E.Either<RemoteError, ScriptOutput>): string | null =>
  E.isRight(output) ? output.right.stdout : null
