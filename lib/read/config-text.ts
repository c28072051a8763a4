/** The text of an `ansible.cfg`, as Python's configparser reads it (docs.python.org, library/configparser). */
import type { Placed, SourcePos } from '../model/place.js'
import type { InputProblem } from '../model/problem.js'

/** By `section.key`, the key in lower case. */
export type ConfigText = Readonly<{
  values: ReadonlyMap<string, Placed<string>>
  problems: readonly InputProblem[]
}>

/** A line that is indented more than its key goes on with its value. After ` ;` comes a comment. */
export const readConfigText = (file: string, text: string): ConfigText => {
  const values = new Map<string, Placed<string>>()
  const problems: InputProblem[] = []
  const sections = new Map<string, SourcePos>()
  let section: string | null = null
  let open: { name: string; indent: number } | null = null

  const refuse = (at: SourcePos, reason: string): void => void problems.push({ _tag: 'BadConfig', at, reason })

  for (const [i, written] of text.split(/\r?\n/).entries()) {
    const line = /^\s*[#;]/.test(written) ? '' : written.replace(/\s;.*$/, '').trimEnd()
    const content = line.trim()
    const indent = line.length - line.trimStart().length
    const at = { file, line: i + 1, column: indent + 1 }
    if (content === '') continue
    if (open !== null && indent > open.indent) {
      const before = values.get(open.name)
      if (before !== undefined) values.set(open.name, { ...before, value: `${before.value}\n${content}`.trimStart() })
      continue
    }
    open = null
    const heading = /^\[(.+)\]/.exec(content)
    if (heading !== null) {
      section = heading[1] ?? ''
      const first = sections.get(section)
      if (first !== undefined) problems.push({ _tag: 'DuplicateKey', at, key: `[${section}]`, first })
      else sections.set(section, at)
      continue
    }
    const parts = /^(.*?)\s*[=:]\s*(.*)$/.exec(content)
    if (section === null) refuse(at, 'this stands before the first heading, such as [defaults]')
    else if (parts === null || parts[1] === '') refuse(at, 'expected key = value, or a heading such as [defaults]')
    else {
      const [, key = '', value = ''] = parts
      const name = `${section}.${key.toLowerCase()}`
      const first = values.get(name)?.at
      if (first !== undefined) problems.push({ _tag: 'DuplicateKey', at, key, first })
      else values.set(name, { value, at })
      open = { name, indent }
    }
  }
  return { values, problems }
}
