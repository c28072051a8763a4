import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { shellWord } from '../../lib/model/shell.js'
import { describe } from '../helpers/test.js'

describe('a word for the shell', test => {
  test('reaches a command as it was, whatever is in it', () =>
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), words => {
        const { stdout } = spawnSync('/bin/sh', { input: `printf '%s\\0' ${words.map(shellWord).join(' ')}\n` })
        assert.equal(stdout.toString().split('\0').slice(0, -1), words)
      }),
      { numRuns: 30 },
    ))

  test('stays readable where nothing needs a quote', () =>
    assert.is(shellWord('/etc/init.d/x-1_2@a%b+c=d:e,f.g'), '/etc/init.d/x-1_2@a%b+c=d:e,f.g'))
})

const word = fc
  .oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(fc.constantFrom("'", '"', '\\', '$(id)', '`id`', '\n', ' ', '*', '~', '#', '!', ';', '-n'), {
        maxLength: 6,
      })
      .map(parts => parts.join('')),
  )
  .map(text => text.replaceAll('\0', ''))
