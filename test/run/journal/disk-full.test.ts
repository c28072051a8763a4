import { spawnSync } from 'node:child_process'
import * as assert from 'uvu/assert'
import { describe } from '../../helpers/test.js'
import { withFolder } from './builders.js'
import { type Filled, filler } from './filler.js'

/** A file system of 64 KiB that nobody else sees, and that is gone with the process. */
const onSmallDisk = (folder: string, command: readonly string[]) =>
  spawnSync(
    'unshare',
    ['--mount', 'sh', '-c', 'mount -t tmpfs -o size=64k none "$0" && exec "$@"', folder, ...command],
    { encoding: 'utf8' },
  )

const possible = await withFolder(folder => onSmallDisk(folder, ['true']).status === 0)

describe('a journal on a disk that is full', test => {
  test(
    'refuses this entry and all later ones, and keeps those it had confirmed',
    () =>
      withFolder(folder => {
        const { stdout, stderr } = onSmallDisk(folder, [process.execPath, filler, folder])
        const filled = JSON.parse(stdout || JSON.stringify(stderr)) as Filled
        assert.ok(filled.confirmed > 10, `${filled.confirmed} entries confirmed`)
        assert.match(filled.refusal, /steward\/runs\/.* cannot be written: the disk is full$/)
        // There is room again: what was refused stays refused, so that nothing is begun on half a journal.
        assert.is(filled.later, filled.refusal)
        assert.equal([filled.held, filled.tail], [filled.confirmed, 'Whole'])
        assert.match(filled.another, 'the disk is full')
        assert.is(filled.files, 1)
      }),
    possible ? {} : { skip: 'this user cannot mount a file system' },
  )
})
