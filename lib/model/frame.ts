/** The frame around what a script prints on a host: what is not whole is not believed. */
import * as E from 'fp-ts/lib/Either.js'

/** One table as a tool printed it, and the tool's exit code. */
export type Section = Readonly<{ name: string; tool: string; code: number; body: string }>

/** How a line of the frame begins; `nonce` is fresh for every script, so that nothing can have printed it before. */
const mark = (nonce: string): string => `steward-${nonce}`

/** Shell functions that print a frame: `frame begin`, `section NAME TOOL` … `ended CODE`, `frame end`. */
export const frameFunctions = (nonce: string): string => `frame() { printf '\\n%s %s\\n' ${mark(nonce)} "$*"; }
section() { frame open "$1" "$2"; }
ended() { code=$1; frame close "$code"; }`

/** A line on which a script stops and asks, and the answer that lets it go on. */
export const question = (nonce: string): string => `${mark(nonce)} go?`
export const goAhead = (nonce: string): string => `${mark(nonce)} go`

/**
 * The sections between `begin` and `end`. Noise before and after them is skipped (rc files, banners); a missing end, a
 * section inside another or text between sections means that something came between us and the host.
 */
export const readFrame = (nonce: string, output: string): E.Either<string, readonly Section[]> => {
  const prefix = `\n${mark(nonce)} `
  const begin = output.indexOf(`${prefix}begin\n`)
  if (begin < 0) return E.left(`the host did not run the probe; it said: ${excerpt(output)}`)
  const sections: Section[] = []
  let at = begin + prefix.length + 'begin'.length
  for (;;) {
    const line = readMark(output, at, prefix)
    if (line === null) return E.left('its answer is cut short')
    if (line.text === 'end') return E.right(sections)
    const opened = /^open (\w+) (\w+)$/.exec(line.text)
    if (opened === null || line.before !== '') return E.left('its answer is garbled between two sections')
    const closing = readMark(output, line.end, prefix)
    if (closing === null) return E.left(`its answer is cut short in the section ${opened[1]}`)
    const closed = /^close (\d+)$/.exec(closing.text)
    if (closed === null) return E.left(`its answer is garbled in the section ${opened[1]}`)
    sections.push({ name: opened[1] ?? '', tool: opened[2] ?? '', code: Number(closed[1]), body: closing.before })
    at = closing.end
  }
}

type MarkLine = Readonly<{ before: string; text: string; end: number }>

/** The next line of the frame from `at` on; `end` is at the newline that ends it, which the next one may begin with. */
const readMark = (output: string, at: number, prefix: string): MarkLine | null => {
  const start = output.indexOf(prefix, at)
  const end = start < 0 ? -1 : output.indexOf('\n', start + prefix.length)
  if (end < 0) return null
  const from = output[at] === '\n' ? at + 1 : at
  return { before: output.slice(from, start), text: output.slice(start + prefix.length, end), end }
}

const excerpt = (output: string): string => {
  const text = output.trim().replace(/\s+/g, ' ')
  return text === '' ? 'nothing' : `"${text.slice(0, 120)}"`
}
