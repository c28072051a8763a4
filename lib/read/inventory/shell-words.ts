/** A line of an INI inventory as words: Python's `shlex.split(line, comments=True)`, which Ansible takes. */
import * as E from 'fp-ts/lib/Either.js'

/** `at` is the offset of its first letter in the line. */
export type Word = Readonly<{ text: string; at: number }>

/** The Left is a mistake and its offset. A `#` begins a comment wherever it is not quoted, in a word too. */
export const splitWords = (line: string): E.Either<Readonly<{ reason: string; at: number }>, readonly Word[]> => {
  const words: Word[] = []
  let text = ''
  let start = -1
  let quote: string | null = null
  let opened = 0
  const end = (): void => {
    if (start >= 0) words.push({ text, at: start })
    text = ''
    start = -1
  }
  for (let i = 0; i < line.length; i += 1) {
    const letter = line[i] ?? ''
    if (quote !== null) {
      if (letter === quote) quote = null
      else if (letter !== '\\' || quote === "'") text += letter
      else {
        i += 1
        if (i === line.length) return E.left({ reason: 'there is nothing after the \\', at: i - 1 })
        // Inside double quotes, \ escapes itself and the quote only.
        text += line[i] === '"' || line[i] === '\\' ? line[i] : `\\${line[i]}`
      }
      continue
    }
    if (letter === '#') break
    if (/[ \t\r\n]/.test(letter)) {
      end()
      continue
    }
    if (start < 0) start = i
    if (letter === '"' || letter === "'") {
      quote = letter
      opened = i
    } else if (letter === '\\') {
      i += 1
      if (i === line.length) return E.left({ reason: 'there is nothing after the \\', at: i - 1 })
      text += line[i]
    } else text += letter
  }
  if (quote !== null) return E.left({ reason: 'the quote that begins here is not closed', at: opened })
  end()
  return E.right(words)
}
