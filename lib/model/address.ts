/** One way to write an address, whatever tool printed it. */

/**
 * Every way to say "any address" is `*`; IPv4 inside IPv6 is IPv4; brackets and zone are left out; IPv6 is in the
 * shortest form (RFC 5952). Null where it is no address.
 */
export const canonicalAddress = (text: string): string | null => {
  // The zone ends before the bracket, or ss writes it behind.
  const bare = text.replace(/%[^\]]*/, '').replace(/^\[(.*)\]$/, '$1')
  const address = isV4(bare) ? bare : withoutMapping(shortestV6(bare.toLowerCase()))
  return bare === '*' || address === '0.0.0.0' || address === '::' ? '*' : address
}

const isV4 = (text: string): boolean =>
  /^\d{1,3}(\.\d{1,3}){3}$/.test(text) && text.split('.').every(part => Number(part) < 256)

/** The URL standard's own parser of IPv6 writes the shortest form. */
const shortestV6 = (text: string): string | null => {
  if (!/^[0-9a-f:.]+$/.test(text) || !text.includes(':')) return null
  try {
    return new URL(`http://[${text}]/`).hostname.slice(1, -1)
  } catch {
    return null
  }
}

/** `::ffff:a00:1` is 10.0.0.1. */
const withoutMapping = (v6: string | null): string | null => {
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(v6 ?? '')
  if (mapped === null) return v6
  const halves = [mapped[1], mapped[2]].map(half => Number.parseInt(half ?? '0', 16))
  return halves.flatMap(half => [half >> 8, half & 255]).join('.')
}

/** `0.0.0.0:22`, `:::2013`, `[::1]:631`, `127.0.0.1%lo:53`, `*:80`: the last colon comes before the port. */
export const splitAddress = (text: string): Readonly<{ address: string; port: number }> | null => {
  const colon = text.lastIndexOf(':')
  const port = text.slice(colon + 1)
  const address = colon < 0 ? null : canonicalAddress(text.slice(0, colon))
  if (address === null || !/^\d{1,5}$/.test(port) || Number(port) > 65_535) return null
  return { address, port: Number(port) }
}
