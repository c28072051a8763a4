/** The lock of one host, as one run holds it: waited for where another run has it, and let go at the end. */
import * as E from 'fp-ts/lib/Either.js'
import { readLock, releaseScript, takeLock } from '../act/lock.js'
import type { Clock } from '../model/clock.js'
import { type LockClaim, lockHolderInWords, type NotTaken, notTakenInWords } from '../model/lock.js'

/** Called with what there is to say of the host's lock. */
export type OnLock = (what: string) => void

/** It was not to be had, or was lost: nothing was done. */
export type Locked = Readonly<{ _tag: 'Locked'; taking: NotTaken }>

/** How long between two tries for a lock that somebody holds. */
const pauseMs = 1_000
const defaultTimeoutMs = 60_000

export class HostLock {
  /** Null: this run locks nothing. */
  readonly claim: LockClaim | null
  readonly #timeoutMs: number
  readonly #clock: Clock
  readonly #signal: AbortSignal | undefined
  #mayBeHeld = false

  constructor(claim: LockClaim | null, clock: Clock, timeoutMs = defaultTimeoutMs, signal?: AbortSignal) {
    this.claim = claim
    this.#timeoutMs = timeoutMs
    this.#clock = clock
    this.#signal = signal
  }

  /**
   * Nothing was done where somebody else holds it, so trying again is safe. Nothing was begun either: a run that is
   * interrupted while it waits does not try again.
   */
  async under<A extends Readonly<{ _tag: string }>>(
    attempt: () => Promise<A | Locked>,
    onLock: OnLock,
  ): Promise<A | Locked> {
    const untilMs = this.#clock.now() + this.#timeoutMs
    for (;;) {
      this.#mayBeHeld ||= this.claim !== null
      const answer = await attempt()
      const taking = answer._tag === 'Locked' ? (answer as Locked).taking : null
      const isWorthWaiting = taking?._tag === 'Held' || taking?._tag === 'Busy'
      if (taking === null || !isWorthWaiting || this.#clock.now() >= untilMs) return answer
      onLock(`waiting for it: ${notTakenInWords(taking)}`)
      await this.#clock.sleep(pauseMs)
      if (this.#signal?.aborted) return answer
    }
  }

  /** What a script's output says of it; null where it was taken, or where nothing can be told. */
  read(nonce: string, stdout: string | null, onLock: OnLock): Locked | null {
    const taking = this.claim === null || stdout === null ? null : readLock(nonce, stdout)
    if (taking === null || E.isLeft(taking)) return null
    switch (taking.right._tag) {
      case 'TakenOver':
        onLock(`taken over from a run that is gone: ${lockHolderInWords(taking.right.from)}`)
        return null
      case 'Taken':
      case 'Renewed':
        return null
      case 'Held':
      case 'Lost':
      case 'Busy':
      case 'Refused':
        return { _tag: 'Locked', taking: taking.right }
    }
  }

  /** The script that renews it from a new connection; null where there is nothing to renew. */
  renewal(nonce: string): string | null {
    return this.#mayBeHeld && this.claim !== null ? `{\n${takeLock(nonce, this.claim)}\nexit 0\n}\n` : null
  }

  /** The script that lets it go, once; it removes no other run's. Null where there is nothing to let go. */
  release(nonce: string): string | null {
    if (!this.#mayBeHeld || this.claim === null) return null
    this.#mayBeHeld = false
    return releaseScript(nonce, this.claim)
  }
}
