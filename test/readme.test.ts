import { readFileSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import { exitCodes } from '../lib/model/exit-code.js'
import { readInventory } from '../lib/read/inventory.js'
import { readCatalogs } from '../lib/read/playbook.js'
import { mistakeIn } from './docs/command-tree.js'
import { callsIn, isShell, pageOf } from './docs/pages.js'
import { memoryFiles } from './helpers/estate.js'
import { projectFolder } from './helpers/steward.js'
import { describe } from './helpers/test.js'

const readme = readFileSync(`${projectFolder}README.md`, 'utf8')
const blocks = (language: string): readonly string[] =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms'))].map(match => match[1] ?? '')

describe('the README', test => {
  test('explains the playbook that is shipped', () => {
    const bare = (text: string) => text.replace(/ *#.*$/gm, '').trim()
    const [playbook = ''] = blocks('yaml')
    assert.is(bare(playbook), bare(readFileSync(`${projectFolder}playbooks/start-all.yml`, 'utf8')))
  })

  test('shows a catalog and an inventory that can be read', () => {
    const [, catalog = '', inventory = ''] = blocks('yaml')
    const files = memoryFiles({ 'catalog.yml': catalog.replace('    requires: km  ', '    #'), 'hosts.yml': inventory })
    assert.ok(E.isRight(readCatalogs(files, ['catalog.yml'])))
    assert.ok(E.isRight(readInventory(files, 'hosts.yml', '/')))
  })

  test('leads to a page on the catalog whose examples can be read', () => {
    const page = readFileSync(`${projectFolder}docs/catalog.md`, 'utf8')
    const examples = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map(match => match[1] ?? '')
    assert.ok(examples.length >= 3)
    for (const example of examples)
      assert.ok(E.isRight(readCatalogs(memoryFiles({ 'catalog.yml': example }), ['catalog.yml'])), example)
  })

  test('names only commands and options that there are', async () => {
    const calls = pageOf('../README.md', readme).blocks.filter(isShell).flatMap(callsIn)
    assert.ok(calls.length >= 20)
    for (const call of calls) {
      assert.is(await mistakeIn(call), null, call.join(' '))
      for (const path of call.filter(word => word.startsWith('playbooks/')))
        assert.ok(readFileSync(projectFolder + path))
    }
  })

  test('has every exit code, and no other', () => {
    const told = [...readme.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code))
    assert.equal(
      told,
      Object.values(exitCodes).sort((a, b) => a - b),
    )
  })
})
