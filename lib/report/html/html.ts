/** The one place that makes HTML: whatever is put into it is text, unless it was made here. */
import { printable } from '../printable.js'

declare const safe: unique symbol
/** Markup of our own. */
export type Html = Readonly<{ markup: string; [safe]?: true }>

type Part = string | number | Html | readonly Html[]

/**
 * A template whose holes stand between tags or within double quotes, nowhere else. What is not `Html` is escaped there:
 * controls and lone surrogates are seen, and neither a tag, an entity nor the end of an attribute can come of it.
 */
export const html = (texts: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  markupOf(texts.reduce((before, text, i) => `${before}${inMarkup(parts[i - 1] ?? '')}${text}`))

/** Markup that something trusted has made of text that it has escaped itself. */
export const markupOf = (markup: string): Html => ({ markup })

const inMarkup = (part: Part): string => {
  if (typeof part === 'number') return String(part)
  if (typeof part === 'string') return escaped(part)
  return 'markup' in part ? part.markup : part.map(({ markup }) => markup).join('')
}

/** Line breaks stay: they show only where text is preformatted. */
const escaped = (text: string): string =>
  text
    .split('\n')
    .map(printable)
    .join('\n')
    .replace(/[&<>"'`]/g, letter => `&#${letter.charCodeAt(0)};`)

export const nothing = markupOf('')
