import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import type { JournalError } from '../../../lib/model/journal.js'
import { journalErrorInWords } from '../../../lib/model/journal.js'
import { type Disk, nodeDisk } from '../../../lib/run/journal/disk.js'
import { journalPlace, runsFolder } from '../../../lib/run/journal/folder.js'
import { noJournal } from '../../../lib/run/journal/journal.js'
import { readRecords } from '../../../lib/run/journal/record.js'
import { openJournal, runIdAt } from '../../../lib/run/journal/store.js'
import { describe } from '../../helpers/test.js'
import { closed, concluded, intended, opening, placeIn, rightOf, withFolder } from './builders.js'

const isRoot = process.geteuid?.() === 0

describe('the folder of journals', test => {
  test('is made with mode 0700, and each journal in it with 0600, whatever the umask', () =>
    withFolder(async folder => {
      const before = process.umask(0)
      try {
        await (await open(folder)).close()
      } finally {
        process.umask(before)
      }
      const modes = ['state', 'state/steward', 'state/steward/runs'].map(name => modeOf(join(folder, name)))
      assert.equal(modes, ['700', '700', '700'])
      assert.is(modeOf(fileIn(folder)), '600')
    }))

  test('is where XDG_STATE_HOME says if that is absolute, and below the home otherwise', () => {
    assert.is(runsFolder(journalPlace('/state', '/home/me', 1000)), '/state/steward/runs')
    for (const ignored of [undefined, '', 'state']) {
      assert.is(runsFolder(journalPlace(ignored, '/home/me', 1000)), '/home/me/.local/state/steward/runs')
    }
  })

  test('is refused when it or the one above it is a symbolic link, and nothing is made behind that', () =>
    withFolder(async folder => {
      for (const name of ['steward', 'steward/runs']) {
        const [state, elsewhere] = [mkdtempSync(join(folder, 'state-')), mkdtempSync(join(folder, 'elsewhere-'))]
        if (name.includes('/')) mkdirSync(join(state, 'steward'))
        symlinkSync(elsewhere, join(state, name))
        assert.match(refusalOf(await openJournal(placeIn(state), opening())), `${state}/${name}: it is a symbolic link`)
        assert.equal(readdirSync(elsewhere), [])
      }
    }))

  test('is refused when others may write to it', () =>
    withFolder(async folder => {
      mkdirSync(join(folder, 'state/steward/runs'), { recursive: true })
      chmodSync(join(folder, 'state/steward/runs'), 0o770)
      assert.match(refusalOf(await openJournal(placeIn(join(folder, 'state')), opening())), 'others may write to it')
    }))

  test(
    'is refused when it belongs to another user',
    () =>
      withFolder(async folder => {
        mkdirSync(join(folder, 'state/steward'), { recursive: true })
        chownSync(join(folder, 'state/steward'), 12345, 12345)
        const refusal = refusalOf(await openJournal(placeIn(join(folder, 'state')), opening()))
        assert.match(refusal, 'it belongs to another user (uid 12345)')
      }),
    isRoot ? {} : { skip: 'only root can give a folder away' },
  )
})

describe('a journal', test => {
  test('has a name that sorts by time, and one of its own for each run', () => {
    assert.is(runIdAt(Date.UTC(2026, 10, 24, 23, 15, 0, 482), '3f9a2c'), '20261124T231500.482-3f9a2c')
    return withFolder(async folder => {
      const journals = await Promise.all(Array.from({ length: 20 }, () => open(folder, nodeDisk, () => 0)))
      assert.is(new Set(journals.map(({ runId }) => runId)).size, 20)
      for (const journal of journals) await journal.close()
    })
  })

  test('tells of an entry that it is written only when it has been synced', () =>
    withFolder(async folder => {
      const told: string[] = []
      const journal = await open(
        folder,
        watched(operation => told.push(operation)),
      )
      told.length = 0
      await journal.append(intended())
      told.push('resolved')
      assert.equal(told, ['write', 'sync', 'resolved'])
      await journal.close()
    }))

  test('syncs every folder that it makes something in', () =>
    withFolder(async folder => {
      const synced: string[] = []
      const disk: Disk = { ...nodeDisk, syncFolder: async path => void synced.push(path.slice(folder.length)) }
      await (await open(folder, disk)).close()
      assert.equal(synced, ['', '/state', '/state/steward', '/state/steward/runs'])
    }))

  test('writes what comes at once with one sync, in the order it came', () =>
    withFolder(async folder => {
      let syncs = 0
      const journal = await open(
        folder,
        watched(operation => {
          if (operation === 'sync') syncs += 1
        }),
      )
      const results = await Promise.all(
        Array.from({ length: 500 }, (_, i) => journal.append(concluded(undefined, `${i}`))),
      )
      assert.ok(results.every(E.isRight))
      assert.ok(syncs < 10, `${syncs} syncs`)
      const { records, tail } = readIn(folder)
      assert.is(tail._tag, 'Whole')
      assert.equal(
        records.slice(1).map(record => record._tag === 'Concluded' && record.words),
        Array.from({ length: 500 }, (_, i) => `${i}`),
      )
      await journal.close()
    }))

  test('finishes a write that the system takes in pieces', () =>
    withFolder(async folder => {
      const journal = await open(folder, changed({ write: (file, bytes) => file.write(bytes.subarray(0, 7)) }))
      assert.ok(E.isRight(await journal.append(intended())))
      assert.equal([readIn(folder).records.length, readIn(folder).tail._tag], [2, 'Whole'])
      await journal.close()
    }))

  for (const code of ['ENOSPC', 'EIO', 'EROFS']) {
    test(`that failed with ${code}, in the middle of a write, takes nothing any more and holds what it had confirmed`, () =>
      withFolder(async folder => {
        let broken = false
        const write: Write = async (file, bytes) => {
          if (!broken) return file.write(bytes)
          await file.write(bytes.subarray(0, 30))
          broken = false
          throw Object.assign(new Error(code), { code })
        }
        const journal = await open(folder, changed({ write }))
        await journal.append(intended())
        broken = true
        const [first, meanwhile] = await Promise.all([journal.append(concluded()), journal.append(closed())])
        for (const result of [first, meanwhile, await journal.append(closed())]) {
          assert.match(refusalOf(result), /disk|read-only/)
        }
        assert.equal([readIn(folder).records.length, readIn(folder).tail._tag], [2, 'Whole'])
        await journal.close()
      }))
  }

  test('does not believe a write that was never synced', () =>
    withFolder(async folder => {
      let broken = false
      const sync: Sync = async file => {
        if (broken) throw Object.assign(new Error('EIO'), { code: 'EIO' })
        await file.sync()
      }
      const journal = await open(folder, changed({ sync }))
      broken = true
      assert.match(refusalOf(await journal.append(intended())), 'the disk does not work')
      broken = false
      assert.match(refusalOf(await journal.append(intended())), 'the disk does not work')
      assert.is(readIn(folder).records.length, 1)
      await journal.close()
    }))

  test('that cannot be begun for good is refused and leaves no file behind', () =>
    withFolder(async folder => {
      const full = () => Promise.reject(Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' }))
      const syncFolder = (path: string) => (path.endsWith('runs') ? full() : nodeDisk.syncFolder(path))
      for (const disk of [changed({ write: full }), { ...nodeDisk, syncFolder }]) {
        const before = openFiles()
        assert.match(refusalOf(await openJournal(placeIn(join(folder, 'state')), opening(), disk)), 'the disk is full')
        assert.equal(readdirSync(join(folder, 'state/steward/runs')), [])
        assert.is(openFiles(), before)
      }
    }))

  test('takes nothing after it was closed', () =>
    withFolder(async folder => {
      const journal = await open(folder)
      await journal.close()
      assert.match(refusalOf(await journal.append(intended())), 'it is closed')
    }))

  test('holds none of the secrets it was told of', () =>
    withFolder(async folder => {
      const opened = await openJournal(placeIn(join(folder, 'state')), opening({ secrets: ['canary'] }))
      await rightOf(opened).append(intended(undefined, '/init/km start --key canary'))
      await rightOf(opened).close()
      assert.match(readFileSync(fileIn(folder), 'latin1'), '/init/km start --key ***')
      assert.not.match(readFileSync(fileIn(folder), 'latin1'), 'canary')
    }))

  test('may be none, for a caller that keeps none', async () =>
    assert.ok(E.isRight(await noJournal.append(intended()))))
})

type File = Awaited<ReturnType<Disk['createFile']>>
type Write = (file: File, bytes: Buffer) => Promise<number>
type Sync = (file: File) => Promise<void>

/** The real disk, but for what a test changes. */
const changed = ({ write, sync }: { write?: Write; sync?: Sync }): Disk => ({
  ...nodeDisk,
  createFile: async path => {
    const file = await nodeDisk.createFile(path)
    return {
      ...file,
      write: bytes => (write === undefined ? file.write(bytes) : write(file, bytes)),
      sync: () => (sync === undefined ? file.sync() : sync(file)),
    }
  },
})

const watched = (tell: (operation: string) => unknown): Disk =>
  changed({
    write: (file, bytes) => {
      tell('write')
      return file.write(bytes)
    },
    sync: async file => {
      await file.sync()
      tell('sync')
    },
  })

const open = async (folder: string, disk: Disk = nodeDisk, now = Date.now) =>
  rightOf(await openJournal(placeIn(join(folder, 'state')), opening({ now }), disk))

const fileIn = (folder: string): string => {
  const runs = join(folder, 'state/steward/runs')
  return join(runs, readdirSync(runs)[0] ?? 'none')
}

const readIn = (folder: string) => readRecords(readFileSync(fileIn(folder), 'latin1'))

/** Where there is no /proc they cannot be counted. */
const openFiles = (): number => (existsSync('/proc/self/fd') ? readdirSync('/proc/self/fd').length : 0)

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8)

const refusalOf = (result: E.Either<JournalError, unknown>): string =>
  E.isLeft(result) ? journalErrorInWords(result.left) : 'no refusal'
