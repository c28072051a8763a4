import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { stewardMain } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'

describe('the start of steward', test => {
  test('loads nothing of its own or of others to say which version it is', () => {
    const folder = mkdtempSync(join(tmpdir(), 'steward-alone-'))
    try {
      const main = join(folder, 'dist/lib/cli/main.js')
      mkdirSync(join(main, '..'), { recursive: true })
      copyFileSync(stewardMain, main)
      writeFileSync(join(folder, 'package.json'), '{ "type": "module", "version": "7.8.9" }')
      assert.is(execFileSync(process.execPath, [main, '--version'], { encoding: 'utf8' }), '7.8.9\n')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
