/** An SSH server that shows a key which it does not hold, and signs with one of its own. */
import { createServer, type Server } from 'node:net'
import ssh2, { type ParsedKey } from 'ssh2'

export const impostor = (shownPublicKey: string, ownPrivateKey: string): Server => {
  const shown = ssh2.utils.parseKey(shownPublicKey)
  const own = ssh2.utils.parseKey(ownPrivateKey)
  if (shown instanceof Error || own instanceof Error) throw new Error('there is no key')
  const forged: ParsedKey = Object.assign(own, { getPublicSSH: () => shown.getPublicSSH() })
  return createServer(socket => {
    // Whatever ssh2 takes for a key it takes as it is.
    const key = forged as unknown as string
    new ssh2.Server({ hostKeys: [{ key, passphrase: '' }] }, client => client.on('error', () => {})).injectSocket(
      socket,
    )
    socket.on('error', () => {})
  })
}
