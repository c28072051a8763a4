/** Frames as a host's shell prints them. */
import type { Section } from '../../lib/model/frame.js'

export const framed = (nonce: string, sections: readonly Section[]): string => {
  const mark = (text: string) => `\nsteward-${nonce} ${text}\n`
  const inner = sections.map(
    ({ name, tool, code, body }) => `${mark(`open ${name} ${tool}`)}${body}${mark(`close ${code}`)}`,
  )
  return `${mark('begin')}${inner.join('')}${mark('end')}`
}
