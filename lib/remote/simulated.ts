/**
 * Hosts in memory behind the transport's interface: they read the very scripts that real hosts get, answer in the same
 * frames, and take as long, fail and lie as they are told to. They know no other users and no locks: a run on them is
 * given none.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { RemoteError } from '../model/remote-error.js'
import { answerOf } from './simulated/answer.js'
import type { ScriptKind, SimulatedHost } from './simulated/host.js'
import { waitMs } from './simulated/wait.js'
import type { Script, ScriptOutput, Transport } from './transport.js'

/** `connectDeadlineMs`: how long a black hole is waited for; 10 s if not given, as over SSH. */
export const simulatedTransport = (
  hosts: Iterable<SimulatedHost>,
  { connectDeadlineMs = 10_000 }: Readonly<{ connectDeadlineMs?: number }> = {},
): Transport => {
  const byName = new Map([...hosts].map(host => [host.name, host]))
  return {
    connect: name => async () => {
      const host = byName.get(name)
      if (host === undefined) return E.left({ _tag: 'Unreachable', why: `there is no host ${name}` })
      const error = await connectTo(host, connectDeadlineMs)
      if (error !== null) return E.left(error)
      return E.right({ run: script => () => runOn(host, script), close: async () => {} })
    },
  }
}

const connectTo = async (host: SimulatedHost, deadlineMs: number): Promise<RemoteError | null> => {
  const tookMs = host.isBlackHole ? Number.POSITIVE_INFINITY : host.connectMs()
  await pass(host, Math.min(tookMs, deadlineMs))
  if (tookMs > deadlineMs) return { _tag: 'Unreachable', why: `no answer within ${deadlineMs / 1000} s` }
  return host.down
}

const runOn = async (host: SimulatedHost, script: Script): Promise<E.Either<RemoteError, ScriptOutput>> => {
  if (host.down !== null) return E.left({ _tag: 'Lost', why: 'the link went away' })
  const { kind, answer } = answerOf(host, script)
  if (kind === 'look' && looksAreOver(host)) return E.left({ _tag: 'Lost', why: 'the link went away' })
  const tookMs = host.scriptMs(kind) + waitMs(host, script.text)
  await pass(host, Math.min(tookMs, script.deadlineMs))
  if (tookMs > script.deadlineMs) return E.left(late(script))
  // A launch is done, whatever becomes of the answer on its way.
  const stdout = kind === 'launch' ? answer() : null
  const fault = host.fault?.(kind) ?? null
  return fault === null ? arrived(host, kind, stdout ?? answer(), script) : E.left(fault)
}

const arrived = (
  { garble }: SimulatedHost,
  kind: ScriptKind,
  stdout: string,
  { maxBytes }: Script,
): E.Either<RemoteError, ScriptOutput> => {
  const heard = garble === null ? stdout : garble(kind, stdout)
  // A letter is a byte at least.
  if (heard.length > maxBytes) return E.left({ _tag: 'TooMuchOutput', limitBytes: maxBytes })
  return E.right({ stdout: heard, stderr: '', code: 0 })
}

const looksAreOver = (host: SimulatedHost): boolean => {
  host.looksLeft -= 1
  if (host.looksLeft >= 0) return false
  host.down = { _tag: 'Unreachable', why: 'it has crashed' }
  return true
}

const late = ({ deadlineMs }: Script): RemoteError => ({ _tag: 'Late', why: `no answer within ${deadlineMs / 1000} s` })

const pass = async ({ clock }: SimulatedHost, ms: number): Promise<void> => {
  if (ms > 0) await clock.sleep(ms)
}
