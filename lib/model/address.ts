/** One way to write an address, whatever tool printed it. */

/**
 * Every way to say "any address" is `*`; IPv4 inside IPv6 is IPv4; brackets and zone are left out; IPv6 is in the
 * shortest form (RFC 5952). Null where it is no address.
 */
export const canonicalAddress = (text: string): string | null => {
  // The zone ends before the bracket, or ss writes it behind.
  const unzoned = text.includes('%') ? text.replace(/%[^\]]*/, '') : text
  const bare = unzoned.startsWith('[') && unzoned.endsWith(']') ? unzoned.slice(1, -1) : unzoned
  if (bare === '*' || bare === '0.0.0.0' || bare === '::') return '*'
  if (v4Form.test(bare)) return bare
  const address = withoutMapping(shortestV6(bare.toLowerCase()))
  return address === '0.0.0.0' || address === '::' ? '*' : address
}

/** A part with a zero in front is octal to some and decimal to others: it is no address. */
const v4Form = /^(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/

/** The URL standard's own parser of IPv6 writes the shortest form. */
const shortestV6 = (text: string): string | null => {
  if (!/^[0-9a-f:.]{2,45}$/.test(text) || !text.includes(':')) return null
  try {
    return new URL(`http://[${text}]/`).hostname.slice(1, -1)
  } catch {
    return null
  }
}

/** `::ffff:a00:1` is 10.0.0.1. */
const withoutMapping = (v6: string | null): string | null => {
  const mapped = v6?.startsWith('::ffff:') ? /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(v6) : null
  if (mapped === null) return v6
  const halves = [mapped[1], mapped[2]].map(half => Number.parseInt(half ?? '0', 16))
  return halves.flatMap(half => [half >> 8, half & 255]).join('.')
}

export type AddressAndPort = Readonly<{ address: string; port: number }>

/** `0.0.0.0:22`, `:::2013`, `[::1]:631`, `127.0.0.1%lo:53`, `*:80`: the last colon comes before the port. */
export const splitAddress = (text: string): AddressAndPort | null => splitAt(text, text.lastIndexOf(':'))

/** `127.0.0.1.25`, `*.80`, `::1.631`, `fe80::1%lo0.123`, as BSD and Solaris write them: the last dot does. */
export const splitDottedAddress = (text: string): AddressAndPort | null => splitAt(text, text.lastIndexOf('.'))

const splitAt = (text: string, at: number): AddressAndPort | null => {
  const port = text.slice(at + 1)
  if (at < 0 || !/^\d{1,5}$/.test(port) || Number(port) > 65_535) return null
  const address = canonicalAddress(text.slice(0, at))
  return address === null ? null : { address, port: Number(port) }
}
