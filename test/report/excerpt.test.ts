import * as assert from 'uvu/assert'
import { excerptOf } from '../../lib/report/excerpt.js'
import { describe } from '../helpers/test.js'

const at = (column: number) => ({ file: 'f', line: 1, column })

describe('the line of a mistake', test => {
  test('has a caret below the place, also behind a tab and at its end', () => {
    assert.equal(excerptOf('web[1:x]', at(4)), ['    web[1:x]', '       ^'])
    assert.equal(excerptOf('\ta: b', at(2)), ['     a: b', '     ^'])
    assert.equal(excerptOf('a', at(2)), ['    a', '     ^'])
    assert.equal(excerptOf('', at(1)), ['    ', '    ^'])
  })

  test('has a caret below the place behind letters that are wide, or that take no room', () => {
    assert.equal(excerptOf('日本: x', at(5))[1], '          ^')
    assert.equal(excerptOf('🚀: x', at(5))[1], '        ^')
    assert.equal(excerptOf('e\u0301: x', at(5))[1], '       ^')
  })

  test('is shown in part where it is long', () => {
    const [line = '', caret = ''] = excerptOf(`${'x'.repeat(5_000)}!${'y'.repeat(5_000)}`, at(5_001))
    assert.ok(line.length < 110)
    assert.is(line[caret.indexOf('^')], '!')
  })

  test('acts on no terminal', () => {
    const [line = '', caret = ''] = excerptOf('a\u001b[2Jb', at(6))
    assert.not.match(line, '\u001b')
    assert.is(line[caret.indexOf('^')], 'b')
  })

  test('shows nothing of what is assigned to a secret', () => {
    for (const written of [
      'h ansible_password=hunter2 x',
      'ansible_ssh_pass: hunter2',
      '  "db_secret": "hunter2"',
      'API_TOKEN = a hunter2',
      'vault_key: >- hunter2',
      'app_passwd_old=hunter2',
    ]) {
      assert.not.match(excerptOf(written, at(1)).join('\n'), 'hunter2', written)
    }
    assert.match(excerptOf('h port=80 ansible_password=hunter2', at(3))[0] ?? '', /port=80 ansible_password=…$/)
  })
})
