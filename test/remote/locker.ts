/**
 * A process that takes a file lock. `locker.js LOCK hold` says so and keeps it until it is killed; `locker.js LOCK
 * COUNTER n` adds one to the number in a file, that often, in a way that loses some if anybody else does so meanwhile.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { underFileLock } from '../../lib/remote/file-lock.js'

export const locker = fileURLToPath(import.meta.url)

const main = async ([lock = '', what = '', times = '']: readonly string[]): Promise<void> => {
  if (what === 'hold') {
    await underFileLock(lock, 60_000, async () => {
      console.log('held')
      await new Promise(() => setInterval(() => {}, 1000))
    })
  }
  for (let i = 0; i < Number(times); i += 1) {
    const added = await underFileLock(lock, 60_000, async () => {
      const count = Number(await readFile(what, 'utf8'))
      await new Promise(resolve => setTimeout(resolve, 1))
      await writeFile(what, `${count + 1}`)
    })
    if (added._tag === 'Left') throw new Error(added.left)
  }
}

if (process.argv[1] === locker) await main(process.argv.slice(2))
