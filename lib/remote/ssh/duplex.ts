/** Makes one socket-like stream of two ends that data goes through: a tunnel, a process. */
import { Duplex, type Readable, type Writable } from 'node:stream'

/** `drop` ends the other side, and is called once. Unlike a channel, this one is closed as soon as it is destroyed. */
export const joined = (readable: Readable, writable: Writable, drop: () => void): Duplex => {
  const stream = new Duplex({
    read: () => void readable.resume(),
    write: (chunk, _encoding, done) => {
      if (writable.write(chunk)) done()
      else writable.once('drain', done)
    },
    final: done => {
      writable.end()
      done()
    },
    destroy: (error, done) => {
      drop()
      done(error)
    },
  })
  readable.on('data', chunk => {
    if (!stream.push(chunk)) readable.pause()
  })
  readable.on('end', () => stream.push(null))
  readable.on('close', () => stream.destroy())
  // Whoever uses the stream learns of it by its end.
  for (const end of [readable, writable]) end.on('error', () => stream.destroy())
  stream.on('error', () => {})
  return stream
}
