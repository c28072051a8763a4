/** What a process runs and where it is: the links /proc/PID/exe and /proc/PID/cwd (proc(5)). */
import type { HostText } from '../model/observation.js'

export type Links = Readonly<{ exe: HostText | null; cwd: HostText | null }>

/**
 * `ls -lnb` of GNU over /proc/PID/exe and /proc/PID/cwd of all processes; -b writes what is odd in a name as an escape,
 * so that a line is a link. BusyBox has no -b and shows a question mark for whatever is odd: a name that holds one is
 * not told (`isEscaped` false). A line of another form (toybox, which escapes no target) makes the whole empty. An
 * executable that was replaced since is still that program; a folder that was removed is none.
 */
export const parseLinks = (text: string, isEscaped: boolean): ReadonlyMap<number, Links> => {
  const links = new Map<number, Links>()
  const seen = new Set<string>()
  for (const line of text.split('\n')) {
    if (line === '') continue
    const match = linkForm.exec(line)
    if (match === null) return new Map()
    const [, pid = '', name = '', target] = match
    if (seen.has(`${pid} ${name}`)) return new Map()
    seen.add(`${pid} ${name}`)
    const path = target === undefined ? null : isEscaped ? unescaped(target) : plain(target)
    const before = links.get(Number(pid)) ?? { exe: null, cwd: null }
    const shown = path?.startsWith('/') === true ? path : null
    links.set(
      Number(pid),
      name === 'exe'
        ? { ...before, exe: (shown?.replace(deleted, '') ?? null) as HostText | null }
        : { ...before, cwd: (deleted.test(shown ?? '') ? null : shown) as HostText | null },
    )
  }
  return links
}

const linkForm =
  /^l[-rwx?]{9}[.+@]? +[\d?]+ +[\d?]+ +[\d?]+ +[\d?]+ +(?:[A-Z][a-z]{2} +\d{1,2} +(?:\d\d:\d\d|\d{4})|\?) +\/proc\/(\d{1,10})\/(exe|cwd)(?: -> (.+))?$/s

const deleted = / \(deleted\)$/

const plain = (text: string): string | null => (text.includes('?') ? null : text)

/** `\n`, `\ `, `\\` and bytes as `\ooo`; null where there is an escape of another kind, or a blank without one. */
const unescaped = (text: string): string | null => {
  if (!text.includes('\\')) return text.includes(' ') ? null : text
  const bytes: number[] = []
  for (const [part] of text.matchAll(/\\[0-3][0-7]{2}|\\.|[^\\]+|\\$/gs)) {
    if (/^\\\d{3}$/.test(part)) bytes.push(Number.parseInt(part.slice(1), 8))
    else if (part.startsWith('\\')) {
      const code = escapes.get(part.slice(1))
      if (code === undefined) return null
      bytes.push(code)
    } else {
      if (part.includes(' ')) return null
      bytes.push(...new TextEncoder().encode(part))
    }
  }
  return new TextDecoder().decode(Uint8Array.from(bytes))
}

const escapes: ReadonlyMap<string, number> = new Map(
  Object.entries({ a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, ' ': 32, '\\': 92 }),
)
