import * as assert from 'uvu/assert'
import type { Check } from '../../lib/model/ready.js'
import { answersIn, logEndsIn } from '../../lib/observe/answers.js'
import { describe } from '../helpers/test.js'

const url = 'http://127.0.0.1/'
const check: Check = { _tag: 'Http', url, status: [200], body: null, verify: true, from: 'host' }

const read = (body: string, code = 0) => {
  const question = { check, since: null }
  return answersIn([question], [{ name: 'check', tool: 'sh', code, body }]).get(question)
}

describe('an answer over HTTP', test => {
  test('is a head and a body, by whichever tool', () => {
    const up = { _tag: 'Http', status: 200, body: 'UP\n' }
    assert.equal(read('HTTP/1.1 200 OK\r\nA: b\r\n\r\nUP\n'), up, 'curl')
    assert.equal(read('HTTP/2 200 \r\n\r\nUP\n'), up, 'HTTP/2 has no words')
    assert.equal(read('HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\n\r\nUP\n'), up, 'two heads')
    assert.equal(read('  HTTP/1.1 200 OK\n  A: b\nHTTP/1.1 200 OK\r\nA: b\r\n\r\nUP\n'), up, 'wget')
    assert.equal(read('  HTTP/1.1 302 Found\n  location: /x\n', 8), { _tag: 'Http', status: 302, body: '' }, 'wget')
    assert.equal(read('HTTP/1.0 200 OK\n\nUP\n'), up, 'a server that knows no better')
  })

  test('is none when it is cut, late, or something else', () => {
    const why = (body: string, code: number) => {
      const answer = read(body, code)
      return answer?._tag === 'No' ? answer.why : answer?._tag
    }
    assert.is(why('HTTP/1.1 200 OK\r\n\r\nUP\ncurl: (18) transfer closed', 18), 'curl: (18) transfer closed')
    assert.is(why('', 124), 'no answer within 10 s')
    assert.is(why('', 137), 'no answer within 10 s')
    assert.is(why('SSH-2.0-OpenSSH\r\n', 0), 'SSH-2.0-OpenSSH')
    assert.is(why('', 0), 'it gave no answer that can be read')
    assert.is(why('', 4), 'it ended with 4')
    assert.is(why('a HTTP/1.1 200 OK\r\n\r\n', 0), 'a HTTP/1.1 200 OK')
  })

  test('is missing where the host has not answered everything', () =>
    assert.is(answersIn([{ check, since: null }], []).size, 0))
})

describe('the end of a log', test => {
  const endOf = (body: string) => logEndsIn(['/x'], [{ name: 'logend', tool: 'ls', code: 0, body }]).get('/x')

  test('is numbers and nothing else, as it goes back to the host in a script', () => {
    assert.equal(endOf('12 345 678 9\n'), { inode: '12', bytes: 345, sum: '678 9' })
    assert.equal(endOf('12 345 \n'), { inode: '12', bytes: 345, sum: '' })
    for (const body of ['', '12', '12 x 3', '12 345 $(id)', "12 345 '", '1;2 3 4'])
      assert.is(endOf(body), null, JSON.stringify(body))
  })
})
