import { readdirSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { readRemoval, readShowing } from '../../lib/act/unlock.js'
import { describe } from '../helpers/test.js'
import { leftOf } from '../observe/either.js'
import { truthOf } from '../observe/processes.js'
import { shellsHere } from '../observe/shells.js'
import {
  editIn,
  inHome,
  login,
  passing,
  placeIn,
  release,
  runOf,
  show,
  shownOf,
  tagOf,
  take,
  textIn,
  unlock,
} from './locks.js'

for (const { name, argv, options } of shellsHere()) {
  describe(`unlocking a host, in ${name}`, test => {
    test(
      'shows nothing where there is no lock, and makes nothing',
      () =>
        inHome(async home => {
          assert.equal(await show(login(argv, home)), { _tag: 'NotThere' })
          assert.equal(readdirSync(home), [])
          await take(login(argv, home), 'theirs')
          await release(login(argv, home), 'theirs')
          assert.equal(await show(login(argv, home)), { _tag: 'NotThere' })
        }),
      options,
    )

    test(
      'shows whose it is, and which of its witnesses live',
      () =>
        inHome(async home => {
          await take(login(argv, home), 'theirs')
          const { content, isDead, living } = await shownOf(login(argv, home))
          assert.equal([runOf(content), isDead], ['theirs', false])
          const { pid, startTicks } = truthOf(process.pid)
          assert.equal(living, [{ kind: 'connection', pid, startTicks }])
          assert.is(content._tag === 'Holder' && content.who, 'theirs@controller pid 1')
          assert.is(content._tag === 'Holder' && content.witnesses.length, 2)
        }),
      options,
    )

    test(
      'shows that its holder is dead',
      () =>
        inHome(async home => {
          await take(passing(argv, home), 'theirs')
          const { content, isDead, living } = await shownOf(login(argv, home))
          assert.equal([runOf(content), isDead, living], ['theirs', true, []])
        }),
      options,
    )

    test(
      'removes what was shown, renewed or not',
      () =>
        inHome(async home => {
          const run = login(argv, home)
          await take(run, 'theirs')
          const shown = await shownOf(run)
          await take(run, 'theirs')
          assert.equal(await unlock(run, shown), { _tag: 'Removed' })
          assert.equal(readdirSync(placeIn(home)), [])
          assert.equal(await unlock(run, shown), { _tag: 'NotThere' })
        }),
      options,
    )

    test(
      'leaves the lock of another alone, or of the same run at another time',
      () =>
        inHome(async home => {
          const run = login(argv, home)
          await take(run, 'theirs')
          const shown = await shownOf(run)
          editIn(home, text => text.replace(/since \d+/, 'since 5'))
          assert.is((await unlock(run, shown))._tag, 'Changed')
          await release(run, 'theirs')
          await take(run, 'ours')
          const removal = await unlock(run, shown)
          assert.is(removal._tag === 'Changed' && runOf(removal.to), 'ours')
          assert.match(textIn(home), 'run ours\n')
        }),
      options,
    )

    test(
      'removes one that cannot be read, but none that has changed since',
      () =>
        inHome(async home => {
          const run = login(argv, home)
          await take(run, 'theirs')
          editIn(home, () => 'run theirs\n\u0000\u00ff\n\nsince')
          const shown = await shownOf(run)
          assert.equal([shown.content._tag, shown.isDead], ['Damaged', false])
          editIn(home, () => 'run theirs\n\u0000\u00ff\n\nsinc')
          assert.is((await unlock(run, shown))._tag, 'Changed')
          editIn(home, () => 'run theirs\n\u0000\u00ff\n\nsince')
          assert.is((await unlock(run, shown))._tag, 'Removed')
          assert.is(await tagOf(run, 'ours'), 'Taken')
        }),
      options,
    )
  })
}

describe('unlocking a host', test => {
  test('is not known to have come to anything when the answer is cut', () => {
    for (const read of [readShowing, readRemoval])
      assert.match(leftOf(read('f00', '\nsteward-f00 begin\n\nsteward-f00 open lock sh\nnone')), 'cut short')
  })
})
