/** An inventory that is a program and answers `--list`, and perhaps `--host` (plugins/inventory/script.py). */
import * as E from 'fp-ts/lib/Either.js'
import { GroupName, HostName } from '../../model/names.js'
import type { Placed, SourcePos } from '../../model/place.js'
import type { InputProblem } from '../../model/problem.js'
import type { Files } from '../files.js'
import { kindOf, type MapEntry, type YamlNode } from '../node.js'
import { parseYaml } from '../yaml.js'
import { jsonDialect } from '../yaml-of-ansible.js'
import type { Gathered, Group } from './gathered.js'

/** `no program`: it could not be started, so it may be text that happens to be executable, as it is to Ansible. */
export const gatherProgram = (files: Files, path: string, into: Gathered): readonly InputProblem[] | 'no program' => {
  if (files.run === undefined) return [unreadable(path, 'it is a program, and none is run here')]
  const asked = ask(files, path, ['--list'])
  if (asked === 'no program') return asked
  return E.isLeft(asked) ? asked.left : new Answer(files, path, into).gather(asked.right)
}

class Answer {
  readonly #files: Files
  readonly #path: string
  readonly #into: Gathered
  readonly #hosts = new Map<HostName, SourcePos>()
  readonly #problems: InputProblem[] = []

  constructor(files: Files, path: string, into: Gathered) {
    this.#files = files
    this.#path = path
    this.#into = into
  }

  gather(answer: readonly MapEntry[]): readonly InputProblem[] {
    const meta = answer.find(({ key }) => key === '_meta')?.value
    const known = meta?._tag === 'map' ? meta.entries.find(({ key }) => key === 'hostvars')?.value : undefined
    for (const entry of answer) if (entry.key !== '_meta') this.#gatherGroup(entry)
    if (known === undefined) this.#askForEach()
    else this.#takeKnown(known)
    return this.#problems
  }

  #gatherGroup({ key, keyAt, value }: MapEntry): void {
    const name = this.#groupName(key, keyAt)
    if (name === null) return
    const group = this.#into.addGroup(name)
    if (value._tag !== 'map') {
      this.#addHosts(value, group)
      return
    }
    const parts = new Map(value.entries.map(({ key, value }) => [key, value]))
    const [hosts, vars, children] = [parts.get('hosts'), parts.get('vars'), parts.get('children')]
    if (hosts === undefined && vars === undefined && children === undefined) {
      // The old short form: a host by this name, with these variables.
      this.#addHost({ value: key, at: keyAt }, group)
      this.#setAll(value, group)
      return
    }
    if (hosts !== undefined) this.#addHosts(hosts, group)
    if (vars !== undefined) this.#setAll(vars, group)
    if (children === undefined) return
    for (const child of this.#listOf(children, 'a list of groups')) {
      const name = this.#groupName(child.value, child.at)
      if (name !== null) this.#into.addChild(group, this.#into.addGroup(name))
    }
  }

  #addHosts(node: YamlNode, group: Group): void {
    for (const host of this.#listOf(node, 'a list of hosts')) this.#addHost(host, group)
  }

  #addHost({ value, at }: Placed<string>, group: Group): void {
    const name = HostName.decode(value)
    if (E.isLeft(name)) this.#refuse(at, HostName.name, `"${value}"`)
    else {
      this.#hosts.set(name.right, at)
      this.#into.addHost({ value: name.right, at }, group, null, this.#path)
    }
  }

  #setAll(node: YamlNode, group: Group): void {
    for (const { key, value } of this.#mapOf(node)) {
      this.#problems.push(...this.#into.setGroupVariable(group, key, value))
    }
  }

  #takeKnown(known: YamlNode): void {
    const byHost = new Map(this.#mapOf(known).map(({ key, value }) => [key, value]))
    for (const host of this.#hosts.keys()) {
      const variables = byHost.get(host)
      if (variables !== undefined) this.#setHost(host, this.#mapOf(variables))
    }
  }

  /** Without `_meta`, the program is asked once for each host. */
  #askForEach(): void {
    for (const host of this.#hosts.keys()) {
      const asked = ask(this.#files, this.#path, ['--host', host])
      if (asked === 'no program') continue
      if (E.isRight(asked)) this.#setHost(host, asked.right)
      else {
        // One that fails or hangs would do so for each.
        this.#problems.push(...asked.left)
        return
      }
    }
  }

  #setHost(host: HostName, variables: readonly MapEntry[]): void {
    for (const { key, value } of variables) this.#problems.push(...this.#into.setHostVariable(host, key, value))
  }

  #groupName(text: string, at: SourcePos): Placed<GroupName> | null {
    const name = GroupName.decode(text)
    if (E.isRight(name)) return { value: name.right, at }
    this.#refuse(at, GroupName.name, `"${text}"`)
    return null
  }

  #listOf(node: YamlNode, expected: string): readonly Placed<string>[] {
    if (node._tag !== 'list') {
      this.#refuse(node.at, expected, kindOf(node))
      return []
    }
    return node.items.flatMap(item => {
      if (item._tag === 'scalar' && typeof item.value === 'string') return [{ value: item.value, at: item.at }]
      this.#refuse(item.at, 'text', kindOf(item))
      return []
    })
  }

  #mapOf(node: YamlNode): readonly MapEntry[] {
    if (node._tag === 'map') return node.entries
    this.#refuse(node.at, 'a map of variables', kindOf(node))
    return []
  }

  #refuse(at: SourcePos, expected: string, found: string): void {
    this.#problems.push({ _tag: 'WrongType', at, expected, found })
  }
}

type Asked = E.Either<readonly InputProblem[], readonly MapEntry[]> | 'no program'

const ask = (files: Files, path: string, argv: readonly string[]): Asked => {
  const call = [path, ...argv].join(' ')
  const printed = files.run?.(path, argv)
  if (printed === undefined) return 'no program'
  if (E.isLeft(printed)) {
    return printed.left._tag === 'NotStarted' ? 'no program' : E.left([unreadable(call, printed.left.reason)])
  }
  if (argv[0] === '--host' && printed.right.trim() === '') return E.right([])
  const fault = jsonFault(printed.right)
  if (fault !== null) return E.left([unreadable(call, `what it printed is no JSON: ${fault}`)])
  const node = parseYaml(call, printed.right, jsonDialect)
  if (E.isLeft(node)) return node
  if (node.right._tag === 'map') return E.right(node.right.entries)
  return E.left([{ _tag: 'WrongType', at: node.right.at, expected: 'a map of groups', found: kindOf(node.right) }])
}

/** What a program prints may hold secrets, so nothing of it is shown. */
const jsonFault = (text: string): string | null => {
  if (text.trim() === '') return 'it printed nothing'
  try {
    JSON.parse(text.replace(/(?<=[[:,\s])(?:NaN|-?Infinity)(?=\s*[,\]}])/g, 'null'))
    return null
  } catch (error) {
    const place = / at position (\d+)/.exec(String(error))
    const before = text.slice(0, Number(place?.[1] ?? text.length))
    const line = before.split('\n').length
    return `line ${line}, column ${before.length - before.lastIndexOf('\n')}`
  }
}

const unreadable = (path: string, reason: string): InputProblem => ({ _tag: 'UnreadableFile', path, reason, at: null })
