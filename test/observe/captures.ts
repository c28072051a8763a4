/** What real tools printed, in test/fixtures/observe; the lines that begin with # say which tool made a capture. */
import { readFileSync } from 'node:fs'

/** NUL is written `\0` there. */
export const capture = (name: string): string =>
  readFileSync(new URL(`../../../test/fixtures/observe/${name}.txt`, import.meta.url), 'utf8')
    .replace(/^#.*\n/gm, '')
    .replaceAll('\\0', '\0')

/** The text cut after each of its characters. */
export const cutsOf = (text: string): readonly string[] => Array.from(text, (_, length) => text.slice(0, length))
