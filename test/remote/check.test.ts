import { createServer } from 'node:net'
import * as assert from 'uvu/assert'
import type { Answer } from '../../lib/model/observation.js'
import type { HttpCheck, TcpCheck } from '../../lib/model/ready.js'
import { askFromHere } from '../../lib/remote/check.js'
import { byPath, needsOpenssl, said, whileServing, whileServingTls } from '../helpers/http.js'
import { describe } from '../helpers/test.js'
import { whileListening } from '../observe/listening.js'

describe('a check from the controller', test => {
  test('gives status and body, follows nothing and reads no more than it should', () =>
    whileServing(byPath, async base => {
      assert.equal(await get(`${base}/200`), { _tag: 'Http', status: 200, body: said })
      assert.is(statusOf(await get(`${base}/503`)), 503)
      assert.is(statusOf(await get(`${base}/302`)), 302)
      const big = await get(`${base}/big`)
      assert.is(big._tag === 'Http' && big.body.length, 65_536)
    }))

  test('takes an answer that was cut off, and silence where a port is closed, for no', async () => {
    await whileServing(byPath, async base => assert.is((await get(`${base}/cut`))._tag, 'No'))
    assert.is((await get('http://127.0.0.1:1/'))._tag, 'No')
  })

  test(
    'believes no certificate that nobody has signed, unless it is told to',
    () =>
      whileServingTls(byPath, async base => {
        const answer = await get(`${base}/200`)
        assert.match(answer._tag === 'No' ? answer.why : '', 'self-signed certificate')
        assert.is(statusOf(await askFromHere(http(`${base}/200`, false), '192.0.2.1')), 200)
      }),
    needsOpenssl,
  )

  test('connects to where the host is reached, or to the address that is declared', () =>
    whileListening('127.0.0.1', async port => {
      assert.is((await askFromHere(tcp(port), '127.0.0.1'))._tag, 'Yes')
      assert.is((await askFromHere(tcp(port, '127.0.0.1'), '192.0.2.1'))._tag, 'Yes')
      assert.is((await askFromHere(tcp(1), '127.0.0.1'))._tag, 'No')
    }))

  test(
    'waits for whoever says nothing no longer than for its deadline',
    async () => {
      const server = createServer(() => {})
      await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
      const place = server.address()
      const port = typeof place === 'object' ? place?.port : 0
      try {
        assert.equal(await get(`http://127.0.0.1:${port}/`), { _tag: 'No', why: 'no answer within 10 s' })
      } finally {
        server.close()
      }
    },
    { timeoutMs: 60_000 },
  )
})

const http = (url: string, verify = true): HttpCheck => ({
  _tag: 'Http',
  url,
  status: [200],
  body: null,
  verify,
  from: 'controller',
})

const tcp = (port: number, address: string | null = null): TcpCheck => ({
  _tag: 'Tcp',
  place: { address, port },
  from: 'controller',
})

const get = (url: string): Promise<Answer> => askFromHere(http(url), '192.0.2.1')

const statusOf = (answer: Answer): number => (answer._tag === 'Http' ? answer.status : 0)
