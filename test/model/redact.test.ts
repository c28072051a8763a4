import * as assert from 'uvu/assert'
import { mapTexts, redactionsOf, redactor } from '../../lib/model/redact.js'
import { Secret } from '../../lib/model/secret.js'
import { describe } from '../helpers/test.js'

describe('a secret that is hidden', test => {
  test('is so wherever it stands, also as the shell quotes it, and the longer one first', () => {
    const hide = hiding("s3'cret", "s3'cret-long")
    assert.is(hide(`-ps3'cret x's3'\\''cret' s3'cret-long`), `-p*** x'***' ***`)
  })

  test('is so line by line where it has several', () => {
    const hide = hiding('-----BEGIN KEY-----\nabcdefgh\nx\n')
    assert.is(hide('key: abcdefgh, x'), 'key: ***, x')
  })

  test('of three letters or fewer is so where it is a word', () => {
    assert.is(hiding('abc')('-p abc abcd =abc;'), '-p *** abcd =***;')
    assert.is(hiding('')('a b'), 'a b')
  })

  test('is shown as what it stands in is to be shown', () => {
    assert.is(redactor([{ text: 'x -pabc', shown: 'x -p***' }])('run x -pabc y'), 'run x -p*** y')
  })

  test('leaves alone what steers a program, and reaches everything else', () => {
    const value = {
      _tag: 'abcd',
      host: 'abcd',
      why: 'abcd',
      list: ['abcd'],
      map: new Map([['abcd', { text: 'abcd' }]]),
    }
    const hidden = { _tag: 'abcd', host: 'abcd', why: '***', list: ['***'], map: new Map([['abcd', { text: '***' }]]) }
    assert.equal(mapTexts(value, hiding('abcd')), hidden)
  })

  test('leaves what hides itself as it is', () => {
    const password = new Secret('abcd')
    assert.is(mapTexts({ password }, hiding('abcd')).password, password)
  })
})

const hiding = (...secrets: readonly string[]) => redactor(secrets.flatMap(redactionsOf))
