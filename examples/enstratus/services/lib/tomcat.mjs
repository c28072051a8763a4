/**
 * Passes for a Tomcat: is found by its arguments, opens its ports late, answers HTTP, ends on TERM.
 * From conf/ below catalina.base it reads `ports`, "[address:]port" a line, and `open-after`, milliseconds or "never".
 */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net' // node:http would only make it bigger

const option = '-Dcatalina.base='
const base = process.argv.find(arg => arg.startsWith(option))?.slice(option.length)
if (base === undefined) throw new Error(`usage: tomcat.mjs ${option}FOLDER`)

const body = `${base}\n`
const answer = `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`

const log = text => console.log(`${new Date().toISOString()} ${process.pid} ${text}`)

const openAfter = () => {
  try {
    return readFileSync(`${base}/conf/open-after`, 'utf8').trim()
  } catch {
    return '1500'
  }
}

/** Without an address, Node listens on `::`, as Tomcat does, or on 0.0.0.0 where there is no IPv6. */
const listen = ({ host, port }) => {
  const server = createServer(socket => {
    socket.on('error', () => {}) // a look at the port, gone again
    socket.once('data', () => socket.end(answer))
  })
  server.on('listening', () => log(`listens on ${server.address().address} ${port}`))
  // Does not give up when the port is taken, and so a second start leaves a second copy.
  server.on('error', error => {
    log(error.message)
    setTimeout(() => server.listen(port, host), 1000)
  })
  server.listen(port, host)
}

const ports = readFileSync(`${base}/conf/ports`, 'utf8')
  .split('\n')
  .map(line => line.trim())
  .filter(line => line !== '' && !line.startsWith('#'))
  .map(line => {
    const colon = line.lastIndexOf(':')
    return { host: colon < 0 ? undefined : line.slice(0, colon), port: Number(line.slice(colon + 1)) }
  })

process.on('SIGTERM', () => process.exit(0))
// Node forgets what the shell had it ignore.
process.on('SIGHUP', () => {})
process.on('SIGINT', () => {})

const ms = openAfter()
log(`${base} opens ${ports.length} port(s) ${ms === 'never' ? ms : `in ${ms} ms`}`)
setInterval(() => {}, 2 ** 31 - 1) // stays even if no port ever opens
if (ms !== 'never') setTimeout(() => ports.forEach(listen), Number(ms))
