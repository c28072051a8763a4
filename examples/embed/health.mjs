// A health endpoint: node health.mjs [PORT], then GET /
// 200 where every service runs as declared, else 503; the body says what is so of each.
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { loadCatalog, loadInventory, status } from 'steward'

const beside = name => fileURLToPath(new URL(name, import.meta.url))
// Files are read once, so that mistakes in them end this before it listens.
const input = {
  catalogs: await loadCatalog(beside('catalog.yml'), { playbookDir: beside('.') }),
  inventory: await loadInventory(beside('hosts.yml'), { playbookDir: beside('.') }),
}

/** A look at all hosts, shared by all who ask while it goes on. */
let looking = null
const health = () => {
  looking ??= status(input, { signal: AbortSignal.timeout(20_000) }).finally(() => {
    looking = null
  })
  return looking
}

const server = createServer(async (_request, response) => {
  try {
    const rows = await health()
    const services = rows.map(({ host, service, verdict, unreachable }) => ({
      host,
      service,
      is: verdict?._tag ?? 'unreachable',
      why: unreachable,
    }))
    response.writeHead(services.every(({ is }) => is === 'running') ? 200 : 503, { 'content-type': 'application/json' })
    response.end(JSON.stringify(services))
  } catch (error) {
    response.writeHead(503).end(`${error.message}\n`)
  }
})
server.listen(Number(process.argv[2] ?? 8080), '127.0.0.1', () => console.log(`listening on ${server.address().port}`))
