/** XML 1.0 (fifth edition) that every parser takes, whatever the text in it. */
import { printable, printableLines } from './printable.js'

type Attributes = Readonly<Record<string, string | number>>

/** An element that holds others, as text already. */
export const xmlElement = (name: string, attributes: Attributes, inner: readonly string[]): string =>
  inner.length === 0 ? `<${open(name, attributes)}/>` : `<${open(name, attributes)}>\n${inner.join('\n')}\n</${name}>`

/** An element that holds a text of one line or several. */
export const xmlTextElement = (name: string, attributes: Attributes, text: string): string =>
  `<${open(name, attributes)}>${escaped(printableLines(text).join('\n'))}</${name}>`

const open = (name: string, attributes: Attributes): string =>
  [name, ...Object.entries(attributes).map(([key, value]) => `${key}="${escaped(printable(`${value}`))}"`)].join(' ')

/** With every `>` goes the end of a CDATA section too. U+FFFE and U+FFFF are the last that are no Char (2.2). */
const escaped = (text: string): string =>
  text
    .replace(/[<>&"']/g, letter => `&#${letter.charCodeAt(0)};`)
    .replace(/[\ufffe\uffff]/g, letter => `\\u{${letter.charCodeAt(0).toString(16)}}`)
