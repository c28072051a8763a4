/** The one place that makes text from anywhere safe to print. */

/**
 * Controls (C0, DEL, C1), line breaks that are not ours, bidirectional overrides, invisible characters, lone surrogates and
 * marks piled upon one letter become visible escapes: what a host says can neither move the cursor nor reorder or cover what
 * a person reads.
 */
export const printable = (text: string): string =>
  text.replace(unsafe, letter => `\\u{${(letter.codePointAt(0) ?? 0).toString(16)}}`)

// Cc controls, Cf format characters (bidi, zero width, BOM), Zl and Zp separators, Cs lone surrogates; DI, default
// ignorables, are letters and marks that show nothing (UAX 44). No script piles up more than four marks.
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{DI}]|(?<=\p{M}{4})\p{M}/gu

/** The same for a text of several lines: its line breaks stay. */
export const printableLines = (text: string): readonly string[] =>
  withoutLastBreaks(text.replaceAll('\r\n', '\n'))
    .split('\n')
    .map(line => printable(line.replaceAll('\t', '    ')))

/** Not by /\n+$/, which looks at every break as often as there are some before it. */
const withoutLastBreaks = (text: string): string => {
  let end = text.length
  while (text[end - 1] === '\n') end -= 1
  return text.slice(0, end)
}
