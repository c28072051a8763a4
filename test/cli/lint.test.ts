import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { exitCodes } from '../../lib/model/exit-code.js'
import { projectFolder, steward } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'
import { goodFile } from '../read/marked-files.js'

const folder = 'test/fixtures/unwise'

describe('steward lint', test => {
  const files = readdirSync(join(projectFolder, folder)).filter(file => file !== 'silenced.yml')
  for (const file of files) {
    test(`warns on the lines that are marked, and on no other: ${file}`, async () => {
      const path = `${folder}/${file}`
      const { code, stdout } = await lint(path, '--json')
      const found: readonly Found[] = JSON.parse(stdout).warnings
      assert.equal([code, found.map(({ rule, at }) => `${at.line}: ${rule}`)], [exitCodes.ok, marksIn(path)])
    })
  }

  test('shows the line, a caret, why, and what to write instead', async () => {
    const { code, stdout } = await lint(`${folder}/ready.yml`)
    assert.is(code, exitCodes.ok)
    assert.equal(stdout.trimEnd().split('\n'), [
      `${folder}/ready.yml:3:3: no-ready: nothing says when silent has come up: it has no port, so its mere processes count; declare listens, or ready: with http, tcp, log or command, or how long it has to stay up (stable)`,
      '      silent: # WARNING: no-ready',
      '      ^',
      `${folder}/ready.yml:27:15: not-stable: brief counts as started at the first look that shows it, though it may die in the same second; let it stay up for a while first: stable: 2s`,
      '          stable: 0s # WARNING: not-stable',
      '                  ^',
      '',
      'steward: 2 warnings in 5 services on 1 host; nothing was connected to.',
    ])
  })

  test('ends with 5 for a warning where it is strict', async () => {
    assert.is((await lint(`${folder}/ready.yml`, '--strict')).code, exitCodes.badInput)
    const estate = ['lint', '--strict', '-i', 'inventory/four.yml']
    assert.is((await steward(estate)).code, exitCodes.ok)
  })

  test('says nothing of what is meant so on its line, by that name alone', async () => {
    const { warnings } = JSON.parse((await lint(`${folder}/silenced.yml`, '--json')).stdout)
    assert.equal(
      warnings.map(({ rule, at }: Found) => `${at.line}: ${rule}`),
      ['11: abrupt-kill'],
    )
  })

  test('reports mistakes as everywhere', async () => {
    const { code, stdout, stderr } = await lint('test/fixtures/bad/catalogs/ports.yml', `${folder}/ready.yml`)
    assert.equal([code, stdout], [exitCodes.badInput, ''])
    assert.match(stderr, 'test/fixtures/bad/catalogs/ports.yml:')
  })

  test('gives no secret away', async () => {
    assert.not.match((await lint(`${folder}/secrets.yml`)).stdout, 'hunter2')
  })

  test('finds nothing unwise in the estate that comes along, with any of its inventories', async () => {
    const playbooks = readdirSync(join(projectFolder, 'playbooks')).filter(name => name.endsWith('.yml'))
    for (const inventory of readdirSync(join(projectFolder, 'inventory')).filter(name => name.endsWith('.yml'))) {
      const files = ['playbooks/catalog/enstratus.yml', ...playbooks.map(name => `playbooks/${name}`)]
      const { stdout } = await steward(['lint', '-i', `inventory/${inventory}`, ...files])
      assert.match(stdout, /^steward: nothing unwise in 6 services on \d+ hosts?; nothing was connected to\.\n$/)
    }
  })
})

type Found = Readonly<{ rule: string; at: Readonly<{ line: number }> }>

const lint = (...args: readonly string[]) => steward(['lint', '-i', goodFile('inventory'), ...args])

const marksIn = (path: string): readonly string[] =>
  readFileSync(join(projectFolder, path), 'utf8')
    .split('\n')
    .flatMap((line, i) =>
      line
        .split('# WARNING: ')
        .slice(1)
        .map(rule => `${i + 1}: ${rule}`),
    )
