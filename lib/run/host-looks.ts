/** Looks at one host, shared by all who ask for one, and taken again where what was seen leaves a doubt. */

import * as E from 'fp-ts/lib/Either.js'
import type { Become } from '../model/become.js'
import type { Clock } from '../model/clock.js'
import { startOf } from '../model/cut-text.js'
import type { Answers, Observation } from '../model/observation.js'
import { checkSeconds, type LogEnds, type Question } from '../model/ready.js'
import { type RemoteError, remoteErrorInWords } from '../model/remote-error.js'
import { logTailScript, readLogTails } from '../observe/log-tail.js'
import { readObservation } from '../observe/observation.js'
import type { PortWait } from '../observe/port-wait.js'
import { type ProbeRequest, probeBody, probeScript } from '../observe/probe.js'
import { type AskFromHere, isAskedHere } from '../remote/check.js'
import { freshNonce, type HostLink } from './host-link.js'

export type Look = E.Either<RemoteError, Observation>

/** One that is taken within another script: its text, and how what that printed is read. */
type InnerLook = Readonly<{
  body: string
  /** To be called when the script is sent: what it sees is not older than that. */
  onSend: () => void
  read: (stdout: string) => E.Either<string, Observation>
}>

export class HostLooks {
  readonly #link: HostLink
  readonly #request: ProbeRequest
  readonly #usual: ProbeRequest
  readonly #clock: Clock
  readonly #ask: AskFromHere
  readonly #lookAs: Become | null
  #next: Promise<Look> | null = null
  #looking: Promise<Look> | null = null
  #isWaiting = false
  readonly #nextQuestions: Question[] = []
  /** Processes that were seen without arguments before: they have none. */
  readonly #bare = new Set<string>()

  constructor(link: HostLink, request: ProbeRequest, clock: Clock, ask: AskFromHere, lookAs: Become | null) {
    this.#link = link
    this.#request = request
    this.#usual = withoutLogEnds(request)
    this.#clock = clock
    this.#ask = ask
    this.#lookAs = lookAs
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

  /**
   * A look of its own, which the host puts off until one of these ports is open or the time is over. Null where another
   * such look is under way: of the few scripts that may run at once on a host, one may wait.
   */
  async lookOnceOpen(wait: PortWait): Promise<Look | null> {
    if (this.#isWaiting) return null
    this.#isWaiting = true
    const look = await this.#lookOnce([], wait).finally(() => {
      this.#isWaiting = false
    })
    return E.isRight(look) && !isSettled(look.right) ? this.look() : look
  }

  within(): InnerLook {
    const nonce = freshNonce()
    const sent = this.#sending()
    return {
      body: probeBody(nonce, this.#request),
      onSend: sent.mark,
      read: stdout =>
        E.map((seen: Observation) => this.#settle(seen))(
          readObservation(this.#link.host, nonce, this.#request, stdout, sent.atMs()),
        ),
    }
  }

  /** The ends of these files, as text for a message; of one that ended somewhere before, what is new in it. */
  async readLogs(as: Become | null, files: readonly string[], ends: LogEnds | null): Promise<string> {
    const nonce = freshNonce()
    const before = ends ?? new Map()
    const output = await this.#link.run({ text: logTailScript(nonce, files, before), ...this.#link.limits, as })
    const tails = E.isLeft(output)
      ? E.left(remoteErrorInWords(output.left))
      : readLogTails(nonce, files, output.right.stdout, before)
    return E.isRight(tails) ? tails.right : `${files.join(', ')} could not be read: ${tails.left}`
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
    if (observation.unsettled.size === 0) return observation
    const fresh = new Set([...observation.unsettled].filter(key => !this.#bare.has(key)))
    for (const key of observation.unsettled) this.#bare.add(key)
    return { ...observation, unsettled: fresh }
  }

  /** What the host is asked goes into the one script; what is asked from here is asked meanwhile. */
  async #lookOnce(questions: readonly Question[], wait: PortWait | null = null): Promise<Look> {
    const { host, limits } = this.#link
    const nonce = freshNonce()
    const asked = questions.filter(({ check }) => !isAskedHere(check))
    const isUsual = asked.length === 0 && wait === null
    const request = isUsual ? this.#usual : { ...this.#usual, questions: asked, wait }
    const askingMs = asked.length * 2 * checkSeconds * 1000
    const deadlineMs = limits.deadlineMs + askingMs + (wait?.withinMs ?? 0)
    const sent = this.#sending()
    const [output, fromHere] = await Promise.all([
      this.#link.run({ text: probeScript(nonce, request), ...limits, deadlineMs, as: this.#lookAs }, sent.mark),
      this.#askFromHere(questions),
    ])
    if (E.isLeft(output)) return output
    const { stdout, stderr } = output.right
    const read = readObservation(host, nonce, request, stdout, sent.atMs())
    if (E.isRight(read)) {
      const { answers } = read.right
      const seen = fromHere.size === 0 ? read.right : { ...read.right, answers: new Map([...answers, ...fromHere]) }
      return E.right(this.#settle(seen))
    }
    const said = stderr.trim() === '' ? '' : `; stderr: "${startOf(stderr.trim(), 200)}"`
    return E.left({ _tag: 'BadAnswer', why: `${read.left}${said}` })
  }

  async #askFromHere(questions: readonly Question[]): Promise<Answers> {
    const { route } = this.#link
    const address = route._tag === 'Local' ? '127.0.0.1' : route.address
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
}

/** Where logs end is noted right before an act alone. Hosts that share a request share this too, and its text. */
const withoutLogEnds = (request: ProbeRequest): ProbeRequest => {
  if (request.logEnds.length === 0) return request
  const usual = usualRequests.get(request) ?? { ...request, logEnds: [] }
  usualRequests.set(request, usual)
  return usual
}

const usualRequests = new WeakMap<ProbeRequest, ProbeRequest>()

const isSettled = ({ unsettled, processes, listeners }: Observation): boolean => {
  if (unsettled.size > 0 || processes._tag === 'Unseen' || listeners._tag === 'Unseen') return unsettled.size === 0
  const pids = new Set(processes.value.map(({ pid }) => pid))
  return listeners.value.every(({ owners }) => owners === null || owners.every(pid => pids.has(pid)))
}
