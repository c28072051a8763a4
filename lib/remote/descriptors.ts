/** Counts the file descriptors that connections need, so that they wait for each other instead of running out of them. */
import { readdir, readFile } from 'node:fs/promises'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { RemoteError } from '../model/remote-error.js'

/** Gives so many back; those it does not name at once are kept until it is called without a number. */
type GiveBack = (count?: number) => void

export type Descriptors = Readonly<{
  /** First come, first served; the Left says that nobody gave any back within that time. */
  take: (count: number, waitMs: number) => TaskEither<RemoteError, GiveBack>
}>

/** For what is not counted: the journal, files that are read, name servers, a jump host. */
const reserve = 16

/** `findLeft` says how many this process may still open; it is asked once, before the first is taken. */
export const descriptorsFrom = (findLeft: () => Promise<Left>): Descriptors => {
  let found: Promise<Left> | null = null
  let left = 0
  const line: { count: number; go: () => void }[] = []
  const letGo = () => {
    for (let next = line[0]; next !== undefined && next.count <= left; next = line[0]) {
      line.shift()
      left -= next.count
      next.go()
    }
  }
  const begin = async (): Promise<Left> => {
    const start = await findLeft()
    left = start.left - reserve
    return start
  }
  let givenAtMs = performance.now()
  const waitInLine = (count: number, waitMs: number): Promise<boolean> =>
    new Promise(resolve => {
      let timer: NodeJS.Timeout | undefined
      const waiting = {
        count,
        go: () => {
          clearTimeout(timer)
          resolve(true)
        },
      }
      line.push(waiting)
      letGo()
      if (!line.includes(waiting)) return
      const begunMs = performance.now()
      const look = () => {
        const restMs = Math.max(begunMs, givenAtMs) + waitMs - performance.now()
        if (restMs > 0) {
          timer = setTimeout(look, restMs)
          return
        }
        line.splice(line.indexOf(waiting), 1)
        resolve(false)
        letGo()
      }
      look()
    })
  return {
    take: (count, waitMs) => async () => {
      found ??= begin()
      const { limit } = await found
      if (!(await waitInLine(count, waitMs))) return E.left({ _tag: 'Unreachable', why: tooFew(limit) })
      let held = count
      return E.right((back = held) => {
        const given = Math.min(held, back)
        held -= given
        left += given
        if (given > 0) givenAtMs = performance.now()
        letGo()
      })
    },
  }
}

type Left = Readonly<{ limit: number; left: number }>

const tooFew = (limit: number): string =>
  `this process may open no more than ${limit} files, too few for another connection: raise it (ulimit -n), or name fewer hosts (-l)`

/** Where it cannot be found out, as on systems without /proc, nothing is held back. */
export const descriptorsHere = (): Descriptors =>
  descriptorsFrom(async () => {
    const [limits, open] = await Promise.all([
      readFile('/proc/self/limits', 'utf8').catch(() => ''),
      readdir('/proc/self/fd').catch(() => []),
    ])
    const limit = Number(/^Max open files +(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY)
    return { limit, left: limit - open.length }
  })
