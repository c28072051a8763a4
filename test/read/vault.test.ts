import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import { Secret } from '../../lib/model/secret.js'
import { openVault, type VaultKey } from '../../lib/read/vault.js'
import { isEnvelope, sealText } from '../../lib/read/vault-cipher.js'
import { describe } from '../helpers/test.js'

describe('a vault', test => {
  test('gives back what was put in, by its own password alone', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), content => {
        const sealed = sealText(Buffer.from(content), new Secret('right'), null)
        assert.ok(isEnvelope(sealed))
        assert.equal(contentOf(sealed, [key('default', 'right')]), Buffer.from(content))
        assert.type(contentOf(sealed, [key('default', 'wrong')]), 'string')
      }),
      { numRuns: 20 },
    )
  })

  test('of one password is another text each time', () => assert.is.not(sealed('a'), sealed('a')))

  test('is opened by the password of its id first, then by any other', () => {
    const keys = [key('dev', 'one'), key('prod', 'two')]
    const opened = openVault(sealed('x', 'two', 'prod'), keys)
    assert.is(E.isRight(opened) && opened.right.key.id, 'prod')
    assert.equal(contentOf(sealed('x', 'one', 'prod'), keys), Buffer.from('x'))
    assert.equal(contentOf(sealed('x', 'one'), keys), Buffer.from('x'))
  })

  test('that nobody can open says what is missing', () => {
    assert.is(
      contentOf(sealed('x', 'one', 'prod'), []),
      'it is encrypted for the vault id "prod", and no vault password is given (-J, --vault-password-file or --vault-id)',
    )
    assert.is(
      contentOf(sealed('x', 'one', 'prod'), [key('dev', 'other')]),
      'the password given (dev) does not open it, or it was changed since it was encrypted; none is given for the vault id "prod"',
    )
    assert.is(
      contentOf(sealed('x', 'one'), [key('a', '1'), key('b', '2')]),
      'none of the passwords given (a, b) opens it, or it was changed since it was encrypted',
    )
  })

  test('that was changed in any place is refused', () => {
    const text = sealed('attack at dawn')
    const [head = '', ...lines] = text.trimEnd().split('\n')
    const body = lines.join('')
    for (let i = 0; i < body.length; i += 7) {
      const letter = body[i] === '3' ? '2' : '3'
      const tampered = `${head}\n${body.slice(0, i)}${letter}${body.slice(i + 1)}\n`
      assert.type(contentOf(tampered, [key('default', 'right')]), 'string', `letter ${i}`)
    }
  })

  test('that is none says why', () => {
    const faults: Readonly<Record<string, string>> = {
      $ANSIBLE_VAULT: 'its version is ; 1.1 and 1.2 can be opened',
      '$ANSIBLE_VAULT;1.0;AES\n00': 'its version is 1.0; 1.1 and 1.2 can be opened',
      '$ANSIBLE_VAULT;1.1;DES\n00': 'its cipher is DES; AES256 can be opened',
      '$ANSIBLE_VAULT;1.1;AES256': 'it is damaged, or not all of it is there',
      '$ANSIBLE_VAULT;1.1;AES256\nxyz': 'it is damaged, or not all of it is there',
      [sealed('x').slice(0, -20)]: 'it is damaged, or not all of it is there',
      other: 'it does not begin with $ANSIBLE_VAULT',
    }
    for (const [text, why] of Object.entries(faults)) {
      assert.is(contentOf(text, [key('default', 'right')]), `this is no vault: ${why}`)
    }
  })
})

const key = (id: string, password: string): VaultKey => ({ id, password: new Secret(password) })

const sealed = (text: string, password = 'right', id: string | null = null): string =>
  sealText(Buffer.from(text), new Secret(password), id)

const contentOf = (text: string, keys: readonly VaultKey[]): Buffer | string => {
  const opened = openVault(text, keys)
  return E.isLeft(opened) ? opened.left : opened.right.content
}
