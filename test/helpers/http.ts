/** An HTTP server of this very process, while a test runs. */
import { execSync, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'

type Body = (base: string) => Promise<void>

/** `body` gets the beginning of its URLs. */
export const whileServing = (answer: RequestListener, body: Body): Promise<void> =>
  serve(createServer(answer), 'http', body)

/** The same behind a certificate that nobody has signed. */
export const whileServingTls = (answer: RequestListener, body: Body): Promise<void> => {
  const making = `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 -keyout -`
  const pem = execSync(making, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  return serve(createTlsServer({ key: pem, cert: pem }, answer), 'https', body)
}

export const needsOpenssl =
  spawnSync('openssl', ['version']).status === 0 ? {} : { skip: 'it needs openssl to make a certificate' }

const serve = async (server: Server, scheme: string, body: Body): Promise<void> => {
  try {
    await once(server.listen(0, '127.0.0.1'), 'listening')
    await body(`${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

/** Answers by the path: /200 and the like with `said`, /302 with a redirect, /big with more than is read. */
export const byPath: RequestListener = ({ url = '' }, answer) => {
  if (url === '/big') return void answer.end(`BEGIN${'x'.repeat(1_000_000)}`)
  if (url === '/302') return void answer.writeHead(302, { location: '/200' }).end()
  if (url === '/cut') {
    answer.writeHead(200, { 'content-length': 100 }).write('UP')
    return void setImmediate(() => answer.destroy())
  }
  answer.writeHead(Number(/^\/(\d+)/.exec(url)?.[1] ?? 404)).end(said)
}

/** Hostile in every place where it could be shown or run. */
export const said = 'UP \u001b[2J {{ x }} $(id)\n'
