/** Bounds how many hosts are at work at once; a host that is at work takes one slot, however much it does. */
import PQueue from 'p-queue'
import type { HostName } from '../model/names.js'

type Slot = { users: number; entered: Promise<void>; leave: () => void }

export class HostSlots {
  readonly #queue: PQueue
  readonly #slots = new Map<HostName, Slot>()

  constructor(forks: number) {
    this.#queue = new PQueue({ concurrency: forks })
  }

  /** Waits for the host's slot, works, and gives the slot back with the last work on that host. */
  async use<A>(host: HostName, work: () => Promise<A>): Promise<A> {
    const slot = this.#slots.get(host) ?? this.#enter(host)
    slot.users += 1
    try {
      await slot.entered
      return await work()
    } finally {
      slot.users -= 1
      if (slot.users === 0) {
        this.#slots.delete(host)
        slot.leave()
      }
    }
  }

  #enter(host: HostName): Slot {
    let leave = (): void => {}
    const left = new Promise<void>(resolve => {
      leave = resolve
    })
    const entered = new Promise<void>(resolve => {
      void this.#queue.add(() => {
        resolve()
        return left
      })
    })
    const slot: Slot = { users: 0, entered, leave }
    this.#slots.set(host, slot)
    return slot
  }
}
