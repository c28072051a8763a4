/** Everything a run does on one host goes through here: one connection, looks that are shared, scripts that act. */
import * as E from 'fp-ts/lib/Either.js'
import { type HookResult, hookScript, readHook } from '../act/hook.js'
import { type LaunchResult, launchScript, readLaunches } from '../act/launch.js'
import { readSignals, type SignalResult, signalScript } from '../act/signal.js'
import type { Recheck } from '../decide/verify.js'
import { type Become, becomeKey } from '../model/become.js'
import type { Hook, HostService } from '../model/catalog.js'
import { goAhead, question } from '../model/frame.js'
import type { Route } from '../model/inventory.js'
import type { HostName } from '../model/names.js'
import type { Answers, Observation } from '../model/observation.js'
import type { Action, Launch, Watched } from '../model/plan.js'
import { checkSeconds, type Question } from '../model/ready.js'
import { type RemoteError, remoteErrorInWords } from '../model/remote-error.js'
import { logTailScript, readLogTails } from '../observe/log-tail.js'
import { readObservation } from '../observe/observation.js'
import { type ProbeRequest, probeBody, probeScript } from '../observe/probe.js'
import { type AskFromHere, askFromHere, isAskedHere } from '../remote/check.js'
import type { Connection, Script, ScriptOutput, Transport } from '../remote/transport.js'
import type { Clock } from './clock.js'
import { HostLock, type Locked, type OnLock } from './host-lock.js'
import type { RunContext } from './run-context.js'

export type Look = E.Either<RemoteError, Observation>

export type LaunchListeners = Readonly<{ onGo: (action: Action) => void; onLock: OnLock }>

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

/** An answer that is larger is not ours. */
export const defaultMaxAnswerBytes = 8 * 1024 * 1024

/** A look that takes longer is of no use. */
export const lookLimits = ({
  commandDeadlineMs = 30_000,
  maxAnswerBytes = defaultMaxAnswerBytes,
}: Pick<RunContext, 'commandDeadlineMs' | 'maxAnswerBytes'>): Pick<Script, 'deadlineMs' | 'maxBytes'> => ({
  deadlineMs: commandDeadlineMs,
  maxBytes: maxAnswerBytes,
})

type SessionSettings = Pick<
  RunContext,
  'transport' | 'clock' | 'askFromHere' | 'maxAnswerBytes' | 'commandDeadlineMs' | 'lock' | 'lockTimeoutMs' | 'signal'
>

export class HostSession {
  readonly host: HostName
  readonly #route: Route
  readonly #request: ProbeRequest
  readonly #transport: Transport
  readonly #clock: Clock
  readonly #ask: AskFromHere
  readonly #lookLimits: Pick<Script, 'deadlineMs' | 'maxBytes'>
  readonly #lookAs: Become | null
  readonly #newLock: () => HostLock
  /** Whoever acts has a home, and a lock in it, of their own. */
  readonly #locks = new Map<string, Readonly<{ as: Become | null; lock: HostLock }>>()
  #connection: Promise<E.Either<RemoteError, Connection>> | null = null
  #next: Promise<Look> | null = null
  #looking: Promise<Look> | null = null
  readonly #nextQuestions: Question[] = []
  /** Processes that were seen without arguments before: they have none. */
  readonly #bare = new Set<string>()

  constructor(
    host: HostName,
    route: Route,
    request: ProbeRequest,
    settings: SessionSettings,
    lookAs: Become | null = null,
  ) {
    this.host = host
    this.#route = route
    this.#request = request
    this.#transport = settings.transport
    this.#clock = settings.clock
    this.#lookAs = lookAs
    this.#newLock = () => new HostLock(settings.lock ?? null, settings.clock, settings.lockTimeoutMs, settings.signal)
    this.#ask = settings.askFromHere ?? askFromHere
    this.#lookLimits = lookLimits(settings)
  }

  /**
   * What runs now or a moment later, never earlier: callers that ask while a look is under way share the next one, and
   * all their questions go with it.
   */
  look(questions: readonly Question[] = []): Promise<Look> {
    if (this.#looking === null) {
      this.#looking = this.#lookSettled(questions).finally(() => {
        this.#looking = null
      })
      return this.#looking
    }
    this.#nextQuestions.push(...questions)
    this.#next ??= this.#looking.then(() => {
      this.#next = null
      return this.look(this.#nextQuestions.splice(0))
    })
    return this.#next
  }

  /** The ends of these files, as text for a message. */
  async readLogs({ become: as }: Acting, files: readonly string[]): Promise<string> {
    const nonce = freshNonce()
    const output = await this.#run({ text: logTailScript(nonce, files), ...this.#lookLimits, as })
    const tails = E.isLeft(output)
      ? E.left(remoteErrorInWords(output.left))
      : readLogTails(nonce, files, output.right.stdout)
    return E.isRight(tails) ? tails.right : `${files.join(', ')} could not be read: ${tails.left}`
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
    const lock = this.#lockOf(become)
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
    const lookNonce = freshNonce()
    const sent = this.#sending()
    let said: Recheck | null = null
    const answer = (stdout: string): string => {
      const now = readObservation(this.host, lookNonce, this.#request, stdout, sent.atMs())
      said = E.isLeft(now)
        ? { _tag: 'Moved', why: `it could not be looked at again: ${now.left}`, isBlurred: false }
        : recheck(this.#settle(now.right))
      if (said._tag !== 'Go') return 'no\n'
      onGo(said.action)
      return `${goAhead(nonce)}\n`
    }
    const output = await this.#run(
      {
        text: launchScript(nonce, probeBody(lookNonce, this.#request), launches, deadlineMs, lock.claim),
        deadlineMs,
        maxBytes: this.#lookLimits.maxBytes,
        dialogue: { question: question(nonce), answer },
        as,
      },
      sent.mark,
    )
    const locked = lock.read(nonce, stdoutOf(output), onLock)
    if (locked !== null) return locked
    const last = said as Recheck | null
    if (last !== null && last._tag !== 'Go') return { _tag: 'Held', recheck: last }
    if (E.isLeft(output)) return { _tag: 'Failed', error: output.left, sent: last !== null }
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
    const lock = this.#lockOf(as)
    return lock.under(async (): Promise<Signalled> => {
      const nonce = freshNonce()
      const text = signalScript(nonce, name, bootId, targets, lock.claim)
      const output = await this.#run({ text, ...this.#lookLimits, as })
      const locked = lock.read(nonce, stdoutOf(output), onLock)
      if (locked !== null) return locked
      if (E.isLeft(output)) return { _tag: 'Sent', results: E.left(remoteErrorInWords(output.left)) }
      return { _tag: 'Sent', results: readSignals(nonce, targets, output.right.stdout) }
    }, onLock)
  }

  /** A Left says why it is not known what came of it. */
  async runHook({ become: as }: Acting, hook: Hook<string>, onLock: OnLock): Promise<Hooked> {
    const lock = this.#lockOf(as)
    return lock.under(async (): Promise<Hooked> => {
      const nonce = freshNonce()
      const text = hookScript(nonce, hook, lock.claim)
      const limits = { deadlineMs: hook.withinMs, maxBytes: this.#lookLimits.maxBytes }
      const output = await this.#run({ text, ...limits, as })
      const locked = lock.read(nonce, stdoutOf(output), onLock)
      if (locked !== null) return locked
      if (E.isLeft(output)) return { _tag: 'Sent', result: E.left(remoteErrorInWords(output.left)) }
      return { _tag: 'Sent', result: readHook(nonce, output.right.stdout) }
    }, onLock)
  }

  async close(): Promise<void> {
    for (const { as, lock } of this.#locks.values()) {
      const release = this.#connection === null ? null : lock.release(freshNonce())
      if (release !== null) await this.#run({ text: release, ...this.#lookLimits, as })
    }
    const connection = await this.#connection
    // One that was refused is kept: a later play looks again, and would be refused again.
    if (connection === null || E.isLeft(connection)) return
    this.#connection = null
    await connection.right.close()
  }

  #lockOf(as: Become | null): HostLock {
    const key = becomeKey(as)
    const known = this.#locks.get(key) ?? { as, lock: this.#newLock() }
    this.#locks.set(key, known)
    return known.lock
  }

  /**
   * What came or went while the tables were read leaves a doubt, and so does a socket whose owner is in none of them:
   * then it is looked at again, at most twice.
   */
  async #lookSettled(questions: readonly Question[]): Promise<Look> {
    let look = await this.#lookOnce(questions)
    for (let again = 0; again < 2 && E.isRight(look) && !isSettled(look.right); again += 1)
      look = await this.#lookOnce(questions)
    return look
  }

  #settle(observation: Observation): Observation {
    const fresh = new Set([...observation.unsettled].filter(key => !this.#bare.has(key)))
    for (const key of observation.unsettled) this.#bare.add(key)
    return { ...observation, unsettled: fresh }
  }

  /** What the host is asked goes into the one script; what is asked from here is asked meanwhile. */
  async #lookOnce(questions: readonly Question[]): Promise<Look> {
    const nonce = freshNonce()
    const request = { ...this.#request, questions: questions.filter(({ check }) => !isAskedHere(check)) }
    const deadlineMs = this.#lookLimits.deadlineMs + request.questions.length * 2 * checkSeconds * 1000
    const sent = this.#sending()
    const [output, fromHere] = await Promise.all([
      this.#run({ text: probeScript(nonce, request), ...this.#lookLimits, deadlineMs, as: this.#lookAs }, sent.mark),
      this.#askFromHere(questions),
    ])
    if (E.isLeft(output)) return output
    const { stdout, stderr } = output.right
    const read = readObservation(this.host, nonce, request, stdout, sent.atMs())
    if (E.isRight(read)) {
      const { answers } = read.right
      return E.right(this.#settle({ ...read.right, answers: new Map([...answers, ...fromHere]) }))
    }
    const said = stderr.trim() === '' ? '' : `; stderr: "${stderr.trim().slice(0, 200)}"`
    return E.left({ _tag: 'BadAnswer', why: `${read.left}${said}` })
  }

  async #askFromHere(questions: readonly Question[]): Promise<Answers> {
    const address = this.#route._tag === 'Local' ? '127.0.0.1' : this.#route.address
    const asked = questions.flatMap(question => {
      const { check } = question
      return isAskedHere(check) ? [this.#ask(check, address).then(answer => [question, answer] as const)] : []
    })
    return new Map(await Promise.all(asked))
  }

  /** When a script was sent: what it sees is not older than that. */
  #sending(): Readonly<{ mark: () => void; atMs: () => number }> {
    let atMs = this.#clock.now()
    const mark = () => {
      atMs = this.#clock.now()
    }
    return { mark, atMs: () => atMs }
  }

  /** Each lock names the connection as a proof that we live: a new one is put into it before anything else. */
  async #connect(): Promise<E.Either<RemoteError, Connection>> {
    const connection = await this.#transport.connect(this.host, this.#route)()
    if (E.isLeft(connection)) return connection
    for (const { as, lock } of this.#locks.values()) {
      const renewal = lock.renewal(freshNonce())
      if (renewal !== null) await connection.right.run({ text: renewal, ...this.#lookLimits, as })()
    }
    return connection
  }

  /**
   * A connection that was lost, or could not be had for now, is made again for the next script. A script is never sent
   * twice, and a login or host key that was refused stays refused.
   */
  async #run(script: Script, onSend: () => void = () => {}): Promise<E.Either<RemoteError, ScriptOutput>> {
    this.#connection ??= this.#connect()
    const using = this.#connection
    const connection = await using
    onSend()
    const output = E.isLeft(connection) ? connection : await connection.right.run(script)()
    const transient = E.isLeft(output) && (output.left._tag === 'Lost' || output.left._tag === 'Unreachable')
    if (transient && this.#connection === using) {
      this.#connection = null
      if (E.isRight(connection)) void connection.right.close()
    }
    return output
  }
}

const stdoutOf = (output: E.Either<RemoteError, ScriptOutput>): string | null =>
  E.isRight(output) ? output.right.stdout : null

const isSettled = ({ unsettled, processes, listeners }: Observation): boolean => {
  if (unsettled.size > 0 || processes._tag === 'Unseen' || listeners._tag === 'Unseen') return unsettled.size === 0
  const pids = new Set(processes.value.map(({ pid }) => pid))
  return listeners.value.every(({ owners }) => owners === null || owners.every(pid => pids.has(pid)))
}

/** 122 random bits: nothing on a host can guess it. */
export const freshNonce = (): string => crypto.randomUUID().replaceAll('-', '')
