/** What every parser of a table needs: its lines, its fields, and reasons that show the line at fault. */

/** A word of a line and where it stands. */
export type Field = Readonly<{ text: string; start: number; end: number }>

/** Fields are parted by spaces and tabs alone: any other character may be part of a name. */
export const fieldsOf = (line: string): readonly Field[] => {
  const fields: Field[] = []
  for (let start = afterBlanks(line, 0); start < line.length; ) {
    const end = wordEnd(line, start)
    fields.push({ text: line.slice(start, end), start, end })
    start = afterBlanks(line, end)
  }
  return fields
}

/** Where the next field begins: the length of the line if there is none. */
export const afterBlanks = (line: string, from: number): number => {
  let at = from
  while (isBlank(line.charCodeAt(at))) at += 1
  return at
}

export const wordEnd = (line: string, from: number): number => {
  let at = from
  while (at < line.length && !isBlank(line.charCodeAt(at))) at += 1
  return at
}

const isBlank = (code: number): boolean => code === 0x20 || code === 0x09

export const isEmpty = (line: string): boolean => afterBlanks(line, 0) === line.length

/** At most 80 characters of a line for a reason, without what only aligns columns. */
export const excerpt = (line: string): string =>
  `"${line
    .slice(0, 400)
    .replace(/[ \t]+/g, ' ')
    .slice(0, 80)}"`

export const noSocket = (tool: string, line: string): string =>
  `${tool} printed a line that is no socket: ${excerpt(line)}`

/** Why the address of a listening socket cannot be used. */
export const noAddress = (tool: string, line: string, address: string): string =>
  isNamed(address)
    ? `${tool} printed names instead of numbers, so it has to be run with -n: ${excerpt(line)}`
    : noSocket(tool, line)

/** A service's name in the place of the port, or a letter that no address has. */
const isNamed = (address: string): boolean =>
  /[.:][A-Za-z][\w.+-]*$/.test(address) || /^[\w.-]*[g-z][\w.-]*[.:]\d+$/i.test(address)

/** The same text by itself: a part that V8 cuts out of a long text keeps all of that in memory for as long as it lives. */
export const detached = <Text extends string>(text: Text): Text =>
  (text.length < shortestPart ? text : ` ${text}`.slice(1)) as Text

/** Shorter ones are copied anyway (SlicedString::kMinLength). */
const shortestPart = 13

/** The same text by itself, and one and the same for all hosts that print it, as long as those are not too many. */
export const shared = <Text extends string>(text: Text): Text => {
  const known = texts.get(text) as Text | undefined
  if (known !== undefined) return known
  const own = detached(text)
  if (texts.size === mostTexts) texts.clear()
  texts.set(own, own)
  return own
}

const texts = new Map<string, string>()
const mostTexts = 10_000
