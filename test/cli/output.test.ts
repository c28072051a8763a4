import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { projectFolder, steward } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'

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
