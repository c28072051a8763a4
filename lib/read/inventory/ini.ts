/** An inventory in Ansible's INI form (plugins/inventory/ini.py). */
import * as E from 'fp-ts/lib/Either.js'
import { GroupName, HostName } from '../../model/names.js'
import type { Placed, SourcePos } from '../../model/place.js'
import type { InputProblem } from '../../model/problem.js'
import { inSecret } from '../decrypted.js'
import type { YamlNode } from '../node.js'
import type { Gathered, Group } from './gathered.js'
import { iniValue } from './literal.js'
import { splitWords, type Word } from './shell-words.js'

/** Adds what the text says to what is gathered; what is wrong with it comes back, all of it. All of what was encrypted is secret. */
export const gatherIni = (file: string, text: string, into: Gathered, wasEncrypted: boolean): readonly InputProblem[] =>
  new Ini(file, into, wasEncrypted).read(text)

const kinds = ['hosts', 'children', 'vars'] as const
type Section = Readonly<{ group: Group; kind: (typeof kinds)[number] }>

/** A group that is spoken of before it is declared. */
type Pending = Readonly<{ name: Placed<GroupName>; kind: 'children' | 'vars'; parents: Group[] }>

/** More than these, and it is the wrong file. */
const maxMistakes = 1000
const maxLine = 1_000_000

class Ini {
  readonly #file: string
  readonly #wasEncrypted: boolean
  readonly #into: Gathered
  readonly #pending = new Map<string, Pending>()
  readonly #problems: InputProblem[] = []
  /** Null behind a heading that could not be read. */
  #section: Section | null

  constructor(file: string, into: Gathered, wasEncrypted: boolean) {
    this.#wasEncrypted = wasEncrypted
    this.#file = file
    this.#into = into
    this.#section = { group: into.ungrouped, kind: 'hosts' }
  }

  read(text: string): readonly InputProblem[] {
    let line = 0
    for (const written of linesOf(text)) {
      line += 1
      const trimmed = trim(written)
      if (trimmed === '' || trimmed.startsWith('#') || trimmed.startsWith(';')) continue
      this.#readLine(trimmed, { file: this.#file, line, column: written.indexOf(trimmed) + 1 })
      if (this.#problems.length > maxMistakes) return this.#problems
    }
    for (const { name, kind, parents } of this.#pending.values()) this.#undeclared(name, kind, parents)
    return this.#problems
  }

  #readLine(line: string, at: SourcePos): void {
    if (line.length > maxLine) {
      this.#refuse(at, `a line of at most ${maxLine} letters`, String(line.length))
      return
    }
    const heading = /^\[([^:\]\s]+)(?::([\p{L}\p{N}_]+))?\]\s*(?:#.*)?$/u.exec(line)
    if (heading !== null) this.#open(heading[1] ?? '', heading[2] ?? 'hosts', at)
    else if (line.startsWith('[') && line.endsWith(']')) {
      this.#section = null
      this.#refuse(at, 'a heading such as [web], [web:children] or [web:vars], without spaces', `"${line}"`)
    } else if (this.#section === null) return
    else if (this.#section.kind === 'hosts') this.#readHosts(line, at, this.#section.group)
    else if (this.#section.kind === 'vars') this.#readVariable(line, at, this.#section.group)
    else this.#readChild(line, at, this.#section.group)
  }

  #open(written: string, word: string, at: SourcePos): void {
    const kind = kinds.find(kind => kind === word)
    const name = this.#groupName(written, right(at, 1))
    this.#section = null
    if (kind === undefined) {
      const where = right(at, written.length + 2)
      this.#problems.push({ _tag: 'UnknownWord', at: where, what: 'kind of section', word, known: kinds })
      return
    }
    if (name === null) return
    const isNew = !this.#into.groups.has(name.value)
    if (isNew && kind === 'vars' && !this.#pending.has(name.value)) {
      this.#pending.set(name.value, { name, kind, parents: [] })
    }
    this.#section = { group: this.#into.addGroup(name), kind }
    if (kind !== 'vars') this.#declared(name.value)
  }

  /** It becomes a child of those that were waiting for it; those are declared by that, should they wait themselves. */
  #declared(name: string): void {
    const waiting = this.#pending.get(name)
    if (waiting === undefined) return
    this.#pending.delete(name)
    if (waiting.kind === 'vars') return
    const group = this.#into.addGroup(waiting.name)
    for (const parent of waiting.parents) {
      this.#into.addChild(parent, group)
      if (this.#pending.get(parent.name)?.kind === 'children') this.#declared(parent.name)
    }
  }

  #readHosts(line: string, at: SourcePos, group: Group): void {
    const words = splitWords(line)
    if (E.isLeft(words)) {
      this.#refuse(right(at, words.left.at), 'a host and its variables', words.left.reason)
      return
    }
    const [first, ...rest] = words.right
    if (first === undefined) return
    const names = this.#hostNames(first, at)
    for (const word of rest) {
      const equals = word.text.indexOf('=')
      const where = right(at, word.at)
      if (equals < 0) {
        this.#refuse(where, 'name=value behind a host', 'a word without =')
        continue
      }
      const value = this.#value(word.text.slice(equals + 1), right(where, equals + 1))
      for (const { value: host } of names.hosts) names.variables.push([host, word.text.slice(0, equals), value])
    }
    for (const host of names.hosts) this.#into.addHost(host, group, names.port, this.#file)
    for (const [host, name, value] of names.variables) {
      this.#problems.push(...this.#into.setHostVariable(host, name, value))
    }
  }

  #hostNames({ text, at: offset }: Word, line: SourcePos) {
    const at = right(line, offset)
    const variables: [HostName, string, YamlNode][] = []
    const nobody = { hosts: [] as readonly Placed<HostName>[], port: null, variables }
    const written = this.#into.hostsIn(text)
    if (written === null) return nobody
    const fault = E.isLeft(written)
      ? written.left
      : text.endsWith(':') && written.right.port === null
        ? 'a : at its end; a port belongs there. Is this YAML? Then its name has to end in .yml'
        : text === '---'
          ? '"---", which begins a YAML file; its name has to end in .yml'
          : null
    if (E.isLeft(written) || fault !== null) {
      this.#refuse(at, 'a host, or a range of hosts', fault ?? '')
      return nobody
    }
    const names = written.right.names.map(name => HostName.decode(name))
    const wrong = names.findIndex(E.isLeft)
    if (wrong >= 0) {
      this.#refuse(at, HostName.name, `"${written.right.names[wrong]}"`)
      return nobody
    }
    const hosts = names.flatMap(name => (E.isRight(name) ? [{ value: name.right, at }] : []))
    return { hosts, port: written.right.port, variables }
  }

  #readVariable(line: string, at: SourcePos, group: Group): void {
    const equals = line.indexOf('=')
    if (equals < 0) {
      this.#refuse(at, `name=value below [${group.name}:vars]`, 'a line without =')
      return
    }
    const value = trim(line.slice(equals + 1))
    const column = value === '' ? equals : line.indexOf(value, equals + 1)
    const node = this.#value(value, right(at, column))
    this.#problems.push(...this.#into.setGroupVariable(group, trim(line.slice(0, equals)), node))
  }

  #readChild(line: string, at: SourcePos, parent: Group): void {
    const match = /^([^:\]\s]+)\s*(?:#.*)?$/.exec(line)
    const name = match === null ? null : this.#groupName(match[1] ?? '', at)
    if (match === null) this.#refuse(at, `one group a line below [${parent.name}:children]`, 'something else')
    if (name === null) return
    const group = this.#into.groups.get(name.value)
    if (group !== undefined) this.#into.addChild(parent, group)
    else {
      const waiting = this.#pending.get(name.value)
      if (waiting !== undefined) waiting.parents.push(parent)
      else this.#pending.set(name.value, { name, kind: 'children', parents: [parent] })
    }
  }

  #value(text: string, at: SourcePos): YamlNode {
    const node = iniValue(text, at)
    return this.#wasEncrypted ? inSecret(node) : node
  }

  #groupName(text: string, at: SourcePos): Placed<GroupName> | null {
    const name = GroupName.decode(text)
    if (E.isRight(name)) return { value: name.right, at }
    this.#refuse(at, GroupName.name, `"${text}"`)
    return null
  }

  #undeclared({ value: group, at }: Placed<GroupName>, kind: 'children' | 'vars', parents: readonly Group[]): void {
    const known = [...this.#into.groups.keys()].filter(name => name !== group)
    const by = kind === 'vars' ? `[${group}:vars]` : `[${parents[0]?.name}:children]`
    this.#problems.push({ _tag: 'UnknownGroup', at, group, by, known })
  }

  #refuse(at: SourcePos, expected: string, found: string): void {
    this.#problems.push({ _tag: 'WrongType', at, expected, found })
  }
}

/** As Python's `splitlines` and `strip` see lines and blanks: \p{Cc} would take too much in. */
function* linesOf(text: string): Iterable<string> {
  let start = 0
  for (const { 0: end, index } of text.matchAll(lineEnds)) {
    yield text.slice(start, index)
    start = index + end.length
  }
  yield text.slice(start)
}
const trim = (text: string): string => text.replace(blanks, '')

const separators = String.fromCharCode(0x1c, 0x1d, 0x1e, 0x1f, 0x85)
const lineEnds = new RegExp(`\\r\\n|[\\n\\r\\v\\f\\u2028\\u2029${separators.replace('\x1f', '')}]`, 'g')
const blanks = new RegExp(`^[\\s${separators}]+|[\\s${separators}]+$`, 'g')

const right = (at: SourcePos, columns: number): SourcePos => ({ ...at, column: at.column + columns })
