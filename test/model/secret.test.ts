import { format, inspect } from 'node:util'
import * as assert from 'uvu/assert'
import { Secret } from '../../lib/model/secret.js'
import { describe } from '../helpers/test.js'

describe('a secret', test => {
  test('is revealed only by name', () => assert.is(new Secret('canary').reveal(), 'canary'))

  test('shows nothing of itself in JSON, templates, errors, copies and what Node prints', () => {
    const secret = new Secret('canary')
    const shown = [
      JSON.stringify({ secret, list: [secret] }),
      `${secret}`,
      String(secret),
      format('%s %o %O %j', secret, secret, secret, secret),
      inspect({ secret }, { showHidden: true, depth: 9, getters: true }),
      inspect(new Error('x', { cause: { secret } })),
      JSON.stringify({ ...secret }),
      JSON.stringify(structuredClone(secret)),
      Object.getOwnPropertyNames(secret).join(),
    ]
    for (const text of shown) assert.not.match(text, 'canary')
    assert.match(shown[0] ?? '', /\[secret\]/)
  })
})
