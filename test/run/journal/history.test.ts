import { spawn } from 'node:child_process'
import { appendFileSync, chownSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import { type JournalError, journalErrorInWords } from '../../../lib/model/journal.js'
import { livenessOf, thisController } from '../../../lib/run/journal/controller.js'
import { runsFolder } from '../../../lib/run/journal/folder.js'
import { listRuns, readRun } from '../../../lib/run/journal/history.js'
import { openJournal } from '../../../lib/run/journal/store.js'
import { describe } from '../../helpers/test.js'
import { closed, opening, placeIn, rightOf, withFolder } from './builders.js'

const isRoot = process.geteuid?.() === 0
const linux = process.platform === 'linux' ? {} : { skip: 'there is no /proc' }

describe('the history of runs', test => {
  test('lists the newest first, and no more than asked for', () =>
    withFolder(async folder => {
      const [first, second, third] = [await run(folder, 1000), await run(folder, 2000), await run(folder, 3000)]
      assert.equal(await idsIn(folder, 9), [third, second, first])
      assert.equal(await idsIn(folder, 2), [third, second])
    }))

  test('is empty where nothing was run yet', () =>
    withFolder(async folder => {
      assert.equal(await idsIn(folder, 9), [])
      assert.match(refusalOf(await readRun(placeIn(folder), 'last')), 'there is no run yet')
    }))

  test('finds a run by its id, by the beginning of it, and the last one', () =>
    withFolder(async folder => {
      const [first, second] = [await run(folder, 1000), await run(folder, 2000)]
      for (const [wanted, found] of [
        [first, first],
        ['19700101T000001', first],
        ['last', second],
      ]) {
        assert.is(rightOf(await readRun(placeIn(folder), wanted ?? '')).runId, found)
      }
    }))

  test('says which runs a word may mean, and takes none for a path', () =>
    withFolder(async folder => {
      const [first, second] = [await run(folder, 1000), await run(folder, 2000)]
      const refusal = refusalOf(await readRun(placeIn(folder), '1970'))
      assert.is(refusal, `1970 may be any of ${second}, ${first}`)
      writeFileSync(join(folder, 'steward/other.journal'), '')
      for (const wanted of ['../other', '', '1999']) {
        assert.match(refusalOf(await readRun(placeIn(folder), wanted)), `there is no run ${wanted} in`)
      }
    }))

  test(
    'tells a run that was closed from one under way, though the same program goes on',
    () =>
      withFolder(async folder => {
        const journal = rightOf(await openJournal(placeIn(folder), opening({ pid: process.pid })))
        assert.is(rightOf(await readRun(placeIn(folder), 'last')).liveness, 'running')
        await journal.append(closed())
        assert.is(rightOf(await readRun(placeIn(folder), 'last')).liveness, 'gone')
        await journal.close()
      }),
    linux,
  )

  test('reads the torn journal of a crash', () =>
    withFolder(async folder => {
      const runId = await run(folder, 1000)
      appendFileSync(join(runsFolder(placeIn(folder)), `${runId}.journal`), 'a5a5a5a5a5a5a5a5 {"seq":3')
      const { records, tail } = rightOf(await readRun(placeIn(folder), runId))
      assert.equal([records.length, tail], [2, { _tag: 'Torn', line: 3, reason: 'it has no end' }])
    }))

  test('does not know whether a run is over whose first line cannot be read', () =>
    withFolder(async folder => {
      const runId = await run(folder, 1000)
      const path = join(runsFolder(placeIn(folder)), `${runId}.journal`)
      for (const [text, liveness] of [
        ['hello\n', 'unknown'],
        ['', 'gone'],
      ] as const) {
        writeFileSync(path, text)
        assert.is(rightOf(await readRun(placeIn(folder), runId)).liveness, liveness)
      }
    }))

  test('follows no link and waits for no pipe in the place of a journal', () =>
    withFolder(async folder => {
      const runId = await run(folder, 1000)
      const runs = runsFolder(placeIn(folder))
      symlinkSync(join(runs, `${runId}.journal`), join(runs, 'link.journal'))
      mkdirSync(join(runs, 'folder.journal'))
      await new Promise(resolve => spawn('mkfifo', [join(runs, 'pipe.journal')]).on('close', resolve))
      for (const [name, why] of [
        ['link', 'it is a symbolic link'],
        ['folder', 'it is no file'],
        ['pipe', 'it is no file'],
      ]) {
        assert.match(refusalOf(await readRun(placeIn(folder), name ?? '')), `cannot be read: ${why}`)
      }
      assert.is(rightOf(await listRuns(placeIn(folder), 9)).filter(E.isLeft).length, 3)
    }))

  test(
    'believes no journal that another user has put there',
    () =>
      withFolder(async folder => {
        const runId = await run(folder, 1000)
        chownSync(join(runsFolder(placeIn(folder)), `${runId}.journal`), 12345, 12345)
        assert.match(refusalOf(await readRun(placeIn(folder), runId)), 'it belongs to another user (uid 12345)')
      }),
    isRoot ? {} : { skip: 'only root can give a file away' },
  )

  test('is not read from a folder that cannot be trusted', () =>
    withFolder(async folder => {
      await run(join(folder, 'real'), 1000)
      mkdirSync(join(folder, 'state'))
      symlinkSync(join(folder, 'real/steward'), join(folder, 'state/steward'))
      assert.match(refusalOf(await readRun(placeIn(join(folder, 'state')), 'last')), 'it is a symbolic link')
      assert.is(readdirSync(runsFolder(placeIn(join(folder, 'state')))).length, 1)
    }))
})

describe('the process that keeps a journal', test => {
  test(
    'is running for as long as it is the same process, and gone when it has ended',
    async () => {
      const child = spawn('sleep', ['60'])
      try {
        await new Promise(resolve => child.on('spawn', resolve))
        const keeper = await thisController(child.pid ?? 0)
        assert.is(await livenessOf(keeper), 'running')
        assert.is(await livenessOf({ ...keeper, startTicks: (keeper.startTicks ?? 0) - 1 }), 'gone')
        child.kill('SIGKILL')
        await new Promise(resolve => child.on('close', resolve))
        assert.is(await livenessOf(keeper), 'gone')
      } finally {
        child.kill('SIGKILL')
      }
    },
    linux,
  )

  test(
    'is gone after a boot, and not to be judged from another machine or without /proc',
    async () => {
      const keeper = await thisController(process.pid)
      assert.is(keeper.hostname, hostname())
      assert.is(await livenessOf({ ...keeper, bootId: 'another' }), 'gone')
      assert.is(await livenessOf({ ...keeper, hostname: 'another', bootId: 'another' }), 'unknown')
      assert.is(await livenessOf({ ...keeper, startTicks: null }), 'unknown')
    },
    linux,
  )
})

/** A run that was begun and ended at that moment. */
const run = async (stateHome: string, atMs: number): Promise<string> => {
  const journal = rightOf(await openJournal(placeIn(stateHome), opening({ now: () => atMs })))
  await journal.append(closed())
  await journal.close()
  return journal.runId
}

const idsIn = async (stateHome: string, most: number): Promise<readonly string[]> =>
  rightOf(await listRuns(placeIn(stateHome), most)).map(one => rightOf(one).runId)

const refusalOf = (result: E.Either<JournalError, unknown>): string =>
  E.isLeft(result) ? journalErrorInWords(result.left) : 'no refusal'
