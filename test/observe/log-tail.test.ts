import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import type { LogEnds } from '../../lib/model/ready.js'
import { logTailScript, readLogTails } from '../../lib/observe/log-tail.js'
import { inFolder } from '../helpers/folder.js'
import { describe } from '../helpers/test.js'
import { leftOf, rightOf } from './either.js'
import { scriptOf, shellOf, shellsHere } from './shells.js'

for (const { name, argv, options } of shellsHere()) {
  describe(`the ends of logs in ${name}`, test => {
    const tails = async (files: readonly string[], ends?: LogEnds): Promise<string> => {
      const { stdout } = await shellOf(argv)(scriptOf(logTailScript('f00', files, ends)))
      return rightOf(readLogTails('f00', files, stdout, ends))
    }

    test(
      'are the last lines of each under its name, and not too many bytes',
      () =>
        inFolder(async folder => {
          const [log, long] = [`${folder}/it's $(a) log`, `${folder}/long`]
          writeFileSync(log, Array.from({ length: 100 }, (_, i) => `line ${i}\n`).join(''))
          writeFileSync(long, `${'x'.repeat(100_000)} y${'x'.repeat(4000)}\n`)
          const said = await tails([log, long])
          assert.ok(said.startsWith(`the end of ${log}:\nline 80\n`), said)
          assert.match(said, `\nline 99\nthe end of ${long}:\nyxxx`)
          writeFileSync(long, `${'x'.repeat(100_000)}\n\u001b[2J`)
          assert.is(await tails([long]), `the end of ${long}:\n\u001b[2J`)
          writeFileSync(long, 'x'.repeat(100_000))
          assert.is(await tails([long]), `the end of ${long} is one long word, which is not shown`)
          assert.ok(said.length < 5000)
        }),
      options,
    )

    test(
      'are what was written since where that is known, which may be nothing, or all of a file made anew',
      () =>
        inFolder(async folder => {
          const files = ['grown', 'same', 'anew'].map(file => `${folder}/${file}`)
          const [grown = '', , anew = ''] = files
          for (const file of files) writeFileSync(file, 'Address already in use\n')
          const ends = new Map(
            files.map(file => [file, { inode: `${statSync(file).ino}`, bytes: statSync(file).size, sum: '' }]),
          )
          appendFileSync(grown, 'no memory\n')
          writeFileSync(anew, 'short\n')
          assert.equal((await tails(files, ends)).split('\n'), [
            `new in ${files[0]}:`,
            'no memory',
            `nothing new in ${files[1]}`,
            `new in ${files[2]}:`,
            'short',
          ])
        }),
      options,
    )

    test(
      'say what cannot be shown, and wait for no pipe',
      () =>
        inFolder(async folder => {
          writeFileSync(`${folder}/empty`, '')
          mkdirSync(`${folder}/folder`)
          spawnSync('mkfifo', [`${folder}/pipe`])
          const files = ['empty', 'missing', 'folder', 'pipe'].map(file => `${folder}/${file}`)
          assert.equal((await tails(files)).split('\n'), [
            `${folder}/empty is empty`,
            `${folder}/missing: there is no such file on the host`,
            `${folder}/folder is no file that can be shown`,
            `${folder}/pipe is no file that can be shown`,
          ])
        }),
      options,
    )
  })
}

describe('the ends of logs', test => {
  test('are not believed when they are cut', () => assert.ok(leftOf(readLogTails('f00', ['/x'], 'Permission denied'))))
})
