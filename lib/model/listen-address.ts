/** Where a process is declared to listen. */
import { canonicalAddress } from './address.js'

/** A TCP port from 1 to 65535; `address` null: on whichever address. */
export type ListenAddress = Readonly<{ address: string | null; port: number }>

/** What may be written for one, for messages. */
export const listenAddressForm = 'a port (1 to 65535), or address:port, or [IPv6 address]:port'

/** An address before the port, or none. */
const listenForm =
  /^(?:(?<v4>[0-9.]+|\*):|\[(?<v6>[0-9a-fA-F:.]+(?:%[\w.-]+)?)\]:)?(?<port>(?!0+$)(?:[0-5]?\d{1,4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5]))$/

/** The same with an address. */
export const addressedForm = new RegExp(listenForm.source.replace(')?(?<port>', ')(?<port>'))

/** Reads `2013`, `*:80`, `127.0.0.1:16099`, `[::1]:80` or `[fe80::1%eth0]:80`; null where it is none of these. */
export const parseListenAddress = (text: string): ListenAddress | null => {
  const match = listenForm.exec(text)
  if (match === null) return null
  const port = Number(match.groups?.['port'])
  const written = match.groups?.['v4'] ?? match.groups?.['v6']
  if (written === undefined) return { address: null, port }
  const address = canonicalAddress(written)
  return address === null ? null : { address: address === '*' ? null : address, port }
}

export const showListenAddress = ({ address, port }: ListenAddress): string => {
  if (address === null) return `${port}`
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}
