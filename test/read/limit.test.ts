import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import { readLimitPattern } from '../../lib/read/limit.js'
import { describe } from '../helpers/test.js'
import { complaints, filesOf } from '../helpers/written.js'

const files = filesOf({ retry: 'web1\n\n  !web2 \r\n', bad: 'web1\nweb[\n', empty: '\n' })
const terms = (text: string) => {
  const read = readLimitPattern(files, text)
  return E.isRight(read)
    ? read.right.terms.map(({ kind, glob }) => `${kind} ${glob}`)
    : complaints(E.left(read.left.map(({ problem }) => problem)))
}

describe('a limit', test => {
  test('takes the patterns of a file, a line each, among others', () => {
    assert.equal(terms('@retry'), ['union web1', 'exclusion web2'])
    assert.equal(terms('db:&eu,@retry,x'), ['union db', 'intersection eu', 'union web1', 'exclusion web2', 'union x'])
  })

  test('says where in the file a mistake is', () => assert.match(terms('@bad')[0] ?? '', /^bad:2:1: .*counterpart/))

  test('is not lifted by a file that holds nothing, or is not there', () => {
    assert.equal(terms('@empty'), ['empty cannot be read: it holds no pattern'])
    assert.equal(terms('x,@none'), ['none cannot be read: there is no such file'])
  })
})
