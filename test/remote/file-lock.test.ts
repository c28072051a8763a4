import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import { underFileLock } from '../../lib/remote/file-lock.js'
import { endWithUs } from '../helpers/children.js'
import { inFolder } from '../helpers/folder.js'
import { describe } from '../helpers/test.js'
import { locker } from './locker.js'

describe('a file lock', test => {
  test('is held by one at a time, and leaves nothing', () =>
    inFolder(async folder => {
      let inside = 0
      const enter = async () => {
        inside += 1
        assert.is(inside, 1)
        await new Promise(resolve => setTimeout(resolve, 1))
        inside -= 1
      }
      const all = await Promise.all(Array.from({ length: 10 }, () => underFileLock(`${folder}/lock`, 20_000, enter)))
      assert.ok(all.every(E.isRight))
      assert.equal(readdirSync(folder), [])
    }))

  test('is let go by a task that throws', () =>
    inFolder(async folder => {
      const thrown = await underFileLock(`${folder}/lock`, 0, () => Promise.reject(new Error('a bug'))).catch(String)
      assert.is(thrown, 'Error: a bug')
      assert.equal(await underFileLock(`${folder}/lock`, 0, async () => 'on'), E.right('on'))
    }))

  test('of a living process is waited for, that long, and its holder named', () =>
    inFolder(async folder => {
      const holder = await hold(`${folder}/lock`)
      const tried = await underFileLock(`${folder}/lock`, 100, async () => {})
      assert.match(E.isLeft(tried) ? tried.left : '', `pid ${holder.pid} on `)
      await kill(holder)
    }))

  test('of a process that was killed is taken over at once', () =>
    inFolder(async folder => {
      await kill(await hold(`${folder}/lock`))
      assert.equal(await underFileLock(`${folder}/lock`, 0, async () => 'on'), E.right('on'))
      assert.equal(readdirSync(folder), [])
    }))

  test('of several that were killed one after the other, too', () =>
    inFolder(async folder => {
      for (let i = 0; i < 3; i += 1) await kill(await hold(`${folder}/lock`))
      assert.ok(readdirSync(folder).length > 3)
      assert.equal(await underFileLock(`${folder}/lock`, 0, async () => 'on'), E.right('on'))
      assert.equal(readdirSync(folder), [])
    }))

  const race = () =>
    inFolder(async folder => {
      writeFileSync(`${folder}/counter`, '0')
      for (let round = 0; round < 3; round += 1) {
        await kill(await hold(`${folder}/lock`))
        const adding = Array.from({ length: 6 }, () => start([`${folder}/lock`, `${folder}/counter`, '10']))
        const codes = await Promise.all(adding.map(async child => (await once(child, 'exit'))[0]))
        assert.equal(codes, Array(6).fill(0))
      }
      assert.is(readFileSync(`${folder}/counter`, 'utf8'), `${3 * 6 * 10}`)
      assert.equal(readdirSync(folder), ['counter'])
    })
  test('of a process that was killed is taken over by one of many', race, { timeoutMs: 120_000 })
})

const start = (args: readonly string[]) => {
  const child = spawn(process.execPath, [locker, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  endWithUs(child)
  return child
}

const hold = async (lock: string) => {
  const child = start([lock, 'hold'])
  await once(child.stdout, 'data')
  return child
}

const kill = async (child: ReturnType<typeof start>): Promise<void> => {
  child.kill('SIGKILL')
  await once(child, 'exit')
}
