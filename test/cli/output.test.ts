import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { endWithUs } from '../helpers/children.js'
import { projectFolder, steward, stewardCommand } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'
import { withBalanced } from './balanced.js'

describe('what the command line prints', test => {
  test('comes whole, however large it is and however slowly it is read', () =>
    withManyMistakes(async args => {
      const child = spawn(process.execPath, [`${projectFolder}dist/lib/cli/steward.cjs`, ...args, '--json'])
      let text = ''
      // Long enough for a process that does not wait for its reader to be gone by then.
      await Promise.race([once(child, 'exit'), delay(2000)])
      for await (const chunk of child.stdout.setEncoding('utf8')) text += chunk
      assert.ok(text.length > 100_000, `${text.length} characters`)
      assert.is(JSON.parse(text).problems.length, 900)
    }))

  test('may be cut off by its reader without an error', () =>
    withManyMistakes(async args => {
      const child = spawn(process.execPath, [`${projectFolder}dist/lib/cli/steward.cjs`, ...args, '--json'])
      child.stdout.destroy()
      assert.is(await new Promise(resolve => child.on('close', resolve)), 5)
    }))

  test('is told to be lost where its disk is full, and the run goes on to its end', () =>
    withBalanced(async ({ call, folder }) => {
      const state = { XDG_STATE_HOME: `${folder}/state` }
      const args = ['run', `${folder}/running.yml`, '-i', `${folder}/hosts.yml`]
      const { argv, cwd, env } = stewardCommand(args, { env: state })
      const full = openSync('/dev/full', 'w')
      const child = spawn(argv[0] ?? '', argv.slice(1), { cwd, env, stdio: ['ignore', full, 'pipe'] })
      endWithUs(child)
      closeSync(full)
      let stderr = ''
      for await (const chunk of child.stderr?.setEncoding('utf8') ?? []) stderr += chunk
      assert.match(stderr, /^steward: what should be on stdout is lost from here on: ENOSPC[^\n]*\n$/)
      assert.is(child.exitCode ?? (await once(child, 'exit'))[0], 2)
      assert.match((await call(['show', 'last'])).stdout, /ended with exit code 0/)
    }))

  test('says which version it is, and how to go on after a wrong word', async () => {
    assert.match((await steward(['--version'])).stdout, /^\d+\.\d+\.\d+\n$/)
    const { code, stderr } = await steward(['frobnicate'])
    assert.is(code, 5)
    assert.match(stderr, "unknown command 'frobnicate'")
  })
})

const withManyMistakes = async (use: (args: readonly string[]) => Promise<void>): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'steward-output-'))
  try {
    const keys = Array.from({ length: 900 }, (_, i) => `  ${'key'.repeat(80)}${i}: 1\n`).join('')
    writeFileSync(join(folder, 'play.yml'), `- hosts: all\n  catalog: c.yml\n  services: { a: running }\n${keys}`)
    writeFileSync(join(folder, 'c.yml'), 'services: { a: { hosts: all, processes: { p: { args: [x] } } } }\n')
    writeFileSync(join(folder, 'hosts.yml'), 'all: { hosts: { h: } }\n')
    await use(['plan', join(folder, 'play.yml'), '-i', join(folder, 'hosts.yml')])
  } finally {
    rmSync(folder, { recursive: true })
  }
}
