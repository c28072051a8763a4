import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { diskFiles } from '../../lib/read/files.js'
import { readInventory } from '../../lib/read/inventory.js'
import { runInventoryProgram } from '../../lib/remote/inventory-program.js'
import { describe } from '../helpers/test.js'
import { complaints } from '../helpers/written.js'

const limits = { timeoutMs: 2_000, maxBytes: 1024 * 1024 }

describe('an inventory that is a program', test => {
  for (const [what, script, said] of [
    ['fails', 'echo secret >&2; exit 3', /--list cannot be read: it ended with 3$/],
    ['kills itself', 'kill -9 $$', /--list cannot be read: it was ended by SIGKILL$/],
    ['prints nothing', ':', /--list cannot be read: what it printed is no JSON: it printed nothing$/],
    [
      'prints garbage',
      'printf "{}\\n  secret!"',
      /--list cannot be read: what it printed is no JSON: line 2, column 3$/,
    ],
    [
      'prints half of it',
      `echo '{"g": ["h"'`,
      /--list cannot be read: what it printed is no JSON: line \d, column \d+$/,
    ],
    ['prints a list', `echo '["h1"]'`, /--list:1:1: expected a map of groups, found a list$/],
    ['prints no UTF-8', `printf '{"\\377": []}'`, /--list cannot be read: what it printed is not UTF-8 text$/],
    ['prints without end', 'yes', /--list cannot be read: it printed more than 1 MiB$/],
    ['names a host that is an option', `echo '{"g": ["-oProxyCommand=x"]}'`, /--list:1:8: expected a host name/],
    [
      'has hosts that are no list',
      `echo '{"g": {"hosts": "h"}}'`,
      /--list:1:17: expected a list of hosts, found text$/,
    ],
    [
      'has variables that are none',
      `echo '{"g": {"vars": [1]}}'`,
      /--list:1:16: expected a map of variables, found a list$/,
    ],
    ['fails for a host', `[ $1 = --list ] && echo '{"g": ["h1", "h2"]}'`, /--host h1 cannot be read: it ended with 1$/],
  ] as const) {
    test(`and ${what} is refused, and nothing of what it printed is shown`, () =>
      inFolder(folder => {
        const lines = read(folder, script)
        assert.is(lines.length, 1, lines.join('\n'))
        assert.match(lines[0] ?? '', said)
        assert.not.match(lines.join(), 'secret')
      }))
  }

  test('and hangs is given up, with all it has started', () =>
    inFolder(folder => {
      const lines = read(folder, `echo $$ >${folder}/pid; sleep 300 & echo $! >>${folder}/pid; sleep 300`)
      assert.match(lines[0] ?? '', /--list cannot be read: it gave no answer within 2 s$/)
      const pids = readFileSync(`${folder}/pid`, 'utf8').trim().split('\n').map(Number)
      assert.is(pids.length, 2)
      const deadline = Date.now() + 10_000
      while (pids.some(isRunning) && Date.now() < deadline) spawnSync('sleep', ['0.05'])
      assert.equal(pids.filter(isRunning), [])
    }))

  test('is run with nothing on its stdin', () =>
    inFolder(folder => assert.equal(read(folder, `cat; echo '{"g": ["h1"], "_meta": {"hostvars": {}}}'`), [])))

  test('is text where its mode does not allow it to be run', () =>
    inFolder(folder => {
      writeFileSync(`${folder}/hosts`, '#!/bin/sh\n[g]\nh1\n')
      assert.equal(complaints(readInventory(ourFiles, `${folder}/hosts`, '/shipped')), [])
    }))
})

const ourFiles = { ...diskFiles, run: runInventoryProgram(limits) }

/** One that has ended may be left for whoever looks after orphans. */
const isRunning = (pid: number): boolean => {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })
  return stdout.trim() !== '' && !stdout.trim().startsWith('Z')
}

const read = (folder: string, script: string): readonly string[] => {
  const path = join(folder, 'hosts')
  writeFileSync(path, `#!/bin/sh\n${script}\n`)
  chmodSync(path, 0o755)
  return complaints(readInventory(ourFiles, path, '/shipped'))
}

const inFolder = (use: (folder: string) => void): void => {
  const folder = mkdtempSync(join(tmpdir(), 'steward-'))
  try {
    use(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
