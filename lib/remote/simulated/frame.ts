/** The frames that a simulated host answers in, and the words of the scripts that it reads. */

export const section = (nonce: string, name: string, code: number, body: string, tool = 'sh'): string =>
  `\nsteward-${nonce} open ${name} ${tool}\n${body}\nsteward-${nonce} close ${code}\n`

export const framed = (nonce: string, sections: readonly string[]): string =>
  `\nsteward-${nonce} begin\n${sections.join('')}\nsteward-${nonce} end\n`

/** A word as `shellWord` writes it. */
export const unquote = (word: string): string =>
  word.startsWith("'") ? word.slice(1, -1).replaceAll("'\\''", "'") : word

/** What stands behind `run` in a script, one command a line. */
export const commandsIn = (text: string): readonly string[] =>
  [...text.matchAll(/^run ('(?:[^']|'\\'')*'|\S+)$/gm)].map(match => unquote(match[1] ?? ''))
