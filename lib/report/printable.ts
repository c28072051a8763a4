/** The one place that makes text from anywhere safe to print. */

/**
 * Controls (C0, DEL, C1), line breaks that are not ours, bidirectional overrides, invisible characters and lone
 * surrogates become visible escapes: what a host says can neither move the cursor nor reorder what a person reads.
 */
export const printable = (text: string): string =>
  text.replace(unsafe, letter => `\\u{${(letter.codePointAt(0) ?? 0).toString(16)}}`)

// Cc controls, Cf format characters (bidi, zero width, BOM), Zl and Zp separators, Cs lone surrogates.
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/** The same for a text of several lines: its line breaks stay. */
export const printableLines = (text: string): readonly string[] =>
  text
    .replaceAll('\r\n', '\n')
    .replace(/\n+$/, '')
    .split('\n')
    .map(line => printable(line.replaceAll('\t', '    ')))
