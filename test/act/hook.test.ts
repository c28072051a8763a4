import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import { hookScript, readHook } from '../../lib/act/hook.js'
import { describe } from '../helpers/test.js'

const hasTimeout = spawnSync('timeout', ['1', 'true']).status === 0

const isThere = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('a command that is only asked', test => {
  test(
    'is ended after its time, and what it has started with it',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'steward-asked-'))
      const pids = () => readFileSync(`${folder}/pids`, 'utf8').trim().split('\n').map(Number)
      try {
        const nonce = '0'.repeat(32)
        const command = `echo $$ >> ${folder}/pids; sleep 60 & echo $! >> ${folder}/pids; wait`
        const input = hookScript(nonce, { command, unless: null, endAfterSeconds: 1 }, null)
        const { stdout } = spawnSync('/bin/sh', { input, encoding: 'utf8' })
        assert.equal(readHook(nonce, stdout), E.right({ _tag: 'Ran', code: 124, output: '', before: 0 }))
        assert.is(pids().length, 2)
        // Whoever reaps them takes a moment; the test is given up where they stay.
        while (pids().some(isThere)) await setTimeout(20)
      } finally {
        for (const pid of pids().filter(isThere)) process.kill(pid, 'SIGKILL')
        rmSync(folder, { recursive: true })
      }
    },
    { skip: hasTimeout ? undefined : 'it needs timeout(1)' },
  )
})
