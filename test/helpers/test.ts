/** The one way to declare a test: it is counted, raced against a timer and named when it fails. */
import { suite } from 'uvu'
import { withChildren } from './children.js'

export const counts = { declared: 0, passed: 0, failed: 0, skipped: 0 }

type Body = () => unknown | Promise<unknown>
type Options = Readonly<{ timeoutMs?: number; skip?: string | undefined }>
type Declare = (title: string, body: Body, options?: Options) => void

/** Declares the tests of one file; `skip` gives the reason why this machine cannot run one, and is counted and said. */
export const describe = (name: string, declare: (test: Declare) => void): void => {
  const tests = suite(name)
  declare((title, body, { timeoutMs = 30_000, skip } = {}) => {
    counts.declared += 1
    if (skip !== undefined) {
      counts.skipped += 1
      console.log(`skipped: ${name}: ${title} (${skip})`)
      return
    }
    tests(title, async () => {
      let timer: NodeJS.Timeout | undefined
      const { outcome, giveUp } = withChildren(body)
      const late = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => {
          reject(new Error(`"${title}" took longer than ${timeoutMs} ms`))
          giveUp()
        }, timeoutMs)
      })
      try {
        await Promise.race([outcome, late])
        counts.passed += 1
      } catch (error) {
        counts.failed += 1
        throw error
      } finally {
        clearTimeout(timer)
      }
    })
  })
  tests.run()
}
