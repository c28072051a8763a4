/**
 * A lock between processes, kept in a file, that no crash leaves behind: it names its holder, and a holder that is gone
 * is succeeded. Everything that decides is one link(2), which only one of many that try it can make.
 */
import { randomUUID } from 'node:crypto'
import { link, open, readFile, readlink, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import * as E from 'fp-ts/lib/Either.js'
import { bootId, startTicksOf } from './process-identity.js'

type Holder = Readonly<{
  nonce: string
  hostname: string
  /** Of Linux: what a pid means depends on it. */
  bootId: string | null
  pidNamespace: string | null
  pid: number
  startTicks: number | null
}>

/** The Left says who holds it, still, after that time. Throws what the file system throws, and what `task` does. */
export const underFileLock = async <A>(
  path: string,
  waitMs: number,
  task: () => Promise<A>,
): Promise<E.Either<string, A>> => {
  const us = await thisHolder()
  const own = `${path}.${us.nonce}`
  await writeSynced(own, JSON.stringify(us))
  try {
    const deadline = performance.now() + waitMs
    for (;;) {
      const line = await succession(path)
      const last = line.at(-1)
      if (last === undefined ? await linked(own, path) : (await isGone(last)) && (await succeed(path, own, line, last)))
        break
      if (performance.now() > deadline) return E.left(heldBy(path, last))
      await delay(10 + 20 * Math.random())
    }
    try {
      return E.right(await task())
    } finally {
      await release(path)
    }
  } finally {
    await rm(own, { force: true })
  }
}

/** Who made the lock, then whoever succeeded it, and so on; the last one holds it. Empty: nobody does. */
const succession = async (path: string): Promise<readonly Holder[]> => {
  const line: Holder[] = []
  for (;;) {
    const last = line.at(-1)
    const next = await readHolder(last === undefined ? path : heirOf(path, last))
    if (next === null) return line
    line.push(next)
  }
}

/**
 * There is one heir to each holder, as its file can be made once. The lock may have been released since `line` was read,
 * and its files with it: only if the first of the line still has it has the last one been succeeded.
 */
const succeed = async (path: string, own: string, line: readonly Holder[], last: Holder): Promise<boolean> => {
  if (!(await linked(own, heirOf(path, last)))) return false
  if ((await readHolder(path))?.nonce === line[0]?.nonce) return true
  await rm(heirOf(path, last), { force: true })
  return false
}

const heirOf = (path: string, { nonce }: Holder): string => `${path}.after.${nonce}`

/** From the first removal on the lock is free; what else goes is of holders that are gone. */
const release = async (path: string): Promise<void> => {
  const line = await succession(path)
  await rm(path)
  for (const holder of line) {
    await rm(heirOf(path, holder), { force: true })
    await rm(`${path}.${holder.nonce}`, { force: true })
  }
}

const linked = async (own: string, path: string): Promise<boolean> => {
  try {
    await link(own, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

const readHolder = async (path: string): Promise<Holder | null> => {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error instanceof SyntaxError ? new Error(`${path} is not one of steward's locks: remove it`) : error
  }
}

/** On disk before it is linked to: a crash of the machine leaves no lock without a holder. */
const writeSynced = async (path: string, text: string): Promise<void> => {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

const thisHolder = async (): Promise<Holder> => ({
  nonce: randomUUID(),
  hostname: hostname(),
  bootId: await bootId(),
  pidNamespace: await pidNamespace(),
  pid: process.pid,
  startTicks: await startTicksOf(process.pid),
})

const pidNamespace = (): Promise<string | null> => readlink('/proc/self/ns/pid').catch(() => null)

/** Only what is certain: of another machine or container, whose home this may be too, nothing can be told. */
const isGone = async (holder: Holder): Promise<boolean> => {
  if (holder.hostname !== hostname()) return false
  const boot = await bootId()
  if (boot === null) return !isThere(holder.pid)
  if (holder.bootId !== boot) return true
  if (holder.pidNamespace !== (await pidNamespace())) return false
  return (await startTicksOf(holder.pid)) !== holder.startTicks
}

const isThere = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

const heldBy = (path: string, holder: Holder | undefined): string =>
  holder === undefined
    ? `${path} is taken by one after the other`
    : `${path} is held by pid ${holder.pid} on ${holder.hostname}; if that is gone, remove it`
