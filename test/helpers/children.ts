/** Programs that tests have begun: one that is given up takes its own with it, and this process takes the rest. */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { ChildProcess } from 'node:child_process'

const living = new Set<ChildProcess>()
const ofTest = new AsyncLocalStorage<Set<ChildProcess>>()

process.on('exit', () => endAll(living))

/** A test that is cut off by its timer, or a crash, leaves nothing running: this goes with the test that is run here, or with us. */
export const endWithUs = (child: ChildProcess): void => {
  for (const children of [living, ofTest.getStore()]) {
    children?.add(child)
    child.once('exit', () => children?.delete(child))
  }
}

/** Runs a test's body; `giveUp` ends the programs that it has begun and that have not ended. */
export const withChildren = (body: () => unknown) => {
  const own = new Set<ChildProcess>()
  return { outcome: ofTest.run(own, async () => await body()), giveUp: () => endAll(own) }
}

/** For what is begun in one test and belongs to several. */
export const ofNoTest = <A>(begin: () => A): A => ofTest.exit(begin)

const endAll = (children: ReadonlySet<ChildProcess>): void => {
  for (const child of children) child.kill('SIGKILL')
}
