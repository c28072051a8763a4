/**
 * A process that keeps a journal until it is killed, and tells over its stdout of each entry that was confirmed.
 * `appender.js STATE_HOME` appends for ever, several at once; `appender.js STATE_HOME K before|half` appends a few and
 * kills itself before, or half way through, its K-th operation on the disk.
 */
import { writeSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as E from 'fp-ts/lib/Either.js'
import { type Disk, nodeDisk } from '../../../lib/run/journal/disk.js'
import type { Journal } from '../../../lib/run/journal/journal.js'
import { openJournal } from '../../../lib/run/journal/store.js'
import { closed, concluded, opening, placeIn, rightOf } from './builders.js'

export const appender = fileURLToPath(import.meta.url)

const main = async ([stateHome = '', boundary, manner]: readonly string[]): Promise<void> => {
  const disk = boundary === undefined ? nodeDisk : fatalAt(Number(boundary), manner === 'half')
  const journal = rightOf(await openJournal(placeIn(stateHome), opening(), disk))
  writeSync(1, `opened ${journal.runId}\n`)
  const endless = boundary === undefined
  let next = 0
  const appendOn = async (): Promise<void> => {
    while (endless || next < 4) {
      const mine = String(next++)
      if (E.isRight(await journal.append(concluded(undefined, mine)))) writeSync(1, `${mine}\n`)
    }
  }
  await Promise.all(Array.from({ length: endless ? 8 : 1 }, appendOn))
  await end(journal)
}

const end = async (journal: Journal): Promise<void> => {
  if (E.isRight(await journal.append(closed()))) writeSync(1, 'closed\n')
  await journal.close()
}

const fatalAt = (boundary: number, half: boolean): Disk => {
  let count = 0
  const die = async (): Promise<never> => {
    process.kill(process.pid, 'SIGKILL')
    return new Promise(() => {})
  }
  const step = async <A>(act: () => Promise<A>, begin: () => Promise<unknown> = act): Promise<A> => {
    count += 1
    if (count !== boundary) return act()
    if (half) await begin()
    return die()
  }
  return {
    makeFolder: path => step(() => nodeDisk.makeFolder(path)),
    syncFolder: path => step(() => nodeDisk.syncFolder(path)),
    removeFile: path => step(() => nodeDisk.removeFile(path)),
    createFile: path =>
      step(async () => {
        const file = await nodeDisk.createFile(path)
        return {
          write: bytes =>
            step(
              () => file.write(bytes),
              () => file.write(bytes.subarray(0, bytes.length / 2)),
            ),
          sync: () => step(() => file.sync()),
          truncate: length => step(() => file.truncate(length)),
          close: () => file.close(),
        }
      }),
  }
}

if (process.argv[1] === appender) await main(process.argv.slice(2))
