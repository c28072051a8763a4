/** docs/troubleshooting.md quotes messages: each of their words stands so in the sources. */
import { readdirSync, readFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { projectFolder } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'
import { readPage } from './pages.js'

/** A text that goes on in the next line is one text, and a value in it ends what can be quoted. */
const joined = (source: string): string => source.replace(/['`] \+\s*['`]/g, '').replace(/^\s*(\*|\/\/|\/\*).*$/gm, '')

const lib = `${projectFolder}lib/`
const sources = readdirSync(lib, { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ts'))
  .map(name => joined(readFileSync(lib + name, 'utf8')))

/** Blanks, signs and figures alone would be found anywhere. */
const partsOf = (message: string): readonly string[] =>
  message
    .split('…')
    .map(part => part.trim().replace(/^[;:,] |[:,]$/g, ''))
    .filter(part => /[a-z]{2}/.test(part))

/** The verdict comes from its own place in the sources. */
const withoutVerdict = (message: string): string => message.replace(/^(unknown|hung|foreign|duplicate): /, '')

const missingOf = (message: string): readonly string[] =>
  partsOf(withoutVerdict(message)).filter(part => !sources.some(source => source.includes(part)))

describe('the page of messages', test => {
  const messages = [...readPage('troubleshooting.md').text.matchAll(/^### `(.*)`$/gm)].map(match => match[1] ?? '')

  test('quotes only what steward really says', () => {
    assert.ok(messages.length > 50, `only ${messages.length}`)
    assert.equal(
      messages.flatMap(message => missingOf(message).map(part => `${message} ← ${part}`)),
      [],
    )
  })

  test('would not get away with what it never says', () => {
    assert.equal(missingOf('foreign: the dog ate … of …'), ['the dog ate'])
    assert.equal(missingOf('the host refused … with …; thrice over'), ['thrice over'])
  })

  test('has another message below each heading, and what to do about it', () => {
    assert.is(new Set(messages).size, messages.length)
    const parts = readPage('troubleshooting.md')
      .text.split(/^### .*$/m)
      .slice(1)
    assert.ok(parts.every(part => part.trim().length > 15))
  })
})
