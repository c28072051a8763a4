import { readdirSync, readFileSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import { readInventory } from '../lib/read/inventory.js'
import { readCatalogs } from '../lib/read/playbook.js'
import { memoryFiles } from './helpers/estate.js'
import { projectFolder } from './helpers/steward.js'
import { describe } from './helpers/test.js'
import { complaints } from './helpers/written.js'

const folder = `${projectFolder}docs/`

describe('the documentation', test => {
  for (const name of readdirSync(folder).filter(file => file.endsWith('.md'))) {
    const text = readFileSync(folder + name, 'utf8')
    test(`shows catalogs that can be read: ${name}`, () => {
      const blocks = [...text.matchAll(/^```yaml\n(services:.*?)^```$/gms)].map(match => match[1] ?? '')
      for (const block of blocks) {
        const read = readCatalogs(memoryFiles({ 'catalog.yml': block }), ['catalog.yml'])
        assert.ok(E.isRight(read), `${complaints(read).join('\n')}\n${block}`)
      }
    })

    test(`shows inventories that can be read: ${name}`, () => {
      const blocks = [...text.matchAll(/^```ini\n(.*?)^```$/gms)].map(match => match[1] ?? '')
      for (const block of blocks) {
        const read = readInventory(memoryFiles({ hosts: block }), 'hosts', '/shipped')
        assert.ok(E.isRight(read), `${complaints(read).join('\n')}\n${block}`)
      }
    })

    test(`links only to what is there: ${name}`, () => {
      const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(match => match[1] ?? '')
      for (const link of links) assert.type(readFileSync(folder + link, 'utf8'), 'string')
    })
  }
})
