/** Hearing of a signal that any number of runs and looks may share: Node warns of more than ten listeners to one. */

type Heard = Readonly<{ acts: Set<() => void>; listener: () => void }>

const heard = new WeakMap<AbortSignal, Heard>()

/** Calls `act` when it is aborted, unless what comes back was called before. */
export const onAbort = (signal: AbortSignal | undefined, act: () => void): (() => void) => {
  if (signal === undefined) return () => {}
  const { acts, listener } = heard.get(signal) ?? listenTo(signal)
  acts.add(act)
  return () => {
    acts.delete(act)
    if (acts.size > 0) return
    signal.removeEventListener('abort', listener)
    heard.delete(signal)
  }
}

const listenTo = (signal: AbortSignal): Heard => {
  const acts = new Set<() => void>()
  const listener = (): void => {
    for (const act of [...acts]) act()
  }
  signal.addEventListener('abort', listener, { once: true })
  const listening = { acts, listener }
  heard.set(signal, listening)
  return listening
}
