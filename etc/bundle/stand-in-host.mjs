/** A host on stdin and stdout, without a port that others could reach: whoever shows the key named may run what it likes. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { Duplex } from 'node:stream'
import ssh2 from 'ssh2'

const [hostKeyFile, userKeyFile] = process.argv.slice(2)
const mayLogIn = ssh2.utils.parseKey(readFileSync(userKeyFile))

const answer = accept => {
  const channel = accept()
  const shell = spawn('/bin/sh', { stdio: ['pipe', 'pipe', 'ignore'] })
  channel.pipe(shell.stdin)
  shell.stdout.pipe(channel, { end: false })
  shell.on('close', code => {
    channel.exit(code ?? 1)
    channel.end()
  })
}

const server = new ssh2.Server({ hostKeys: [readFileSync(hostKeyFile)] }, client =>
  client
    .on('authentication', login => {
      const isKnown = login.method === 'publickey' && mayLogIn.getPublicSSH().equals(login.key.data)
      if (isKnown && (!login.signature || mayLogIn.verify(login.blob, login.signature, login.hashAlgo))) login.accept()
      else login.reject(['publickey'])
    })
    .on('session', accept => accept().on('exec', answer))
    .on('end', () => process.exit(0))
    .on('error', () => process.exit(1)),
)
server.injectSocket(Duplex.from({ readable: process.stdin, writable: process.stdout }))
