/** An inventory in Ansible's YAML form (plugins/inventory/yaml.py): groups of hosts, of groups and of variables. */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { GroupName, HostName, type Named } from '../../model/names.js'
import type { Placed } from '../../model/place.js'
import type { InputProblem } from '../../model/problem.js'
import { type Codec, codecOf, decode, type Entry, field, lazy, mapOf, sealed } from '../codec.js'
import { anyOf, anything, fitting, type JsonSchema } from '../json-schema.js'
import type { YamlNode } from '../node.js'
import type { Gathered, Group } from './gathered.js'

/** Adds what was read to what is gathered; what is wrong with its hosts comes back. */
export const gatherGroups = (file: string, groups: readonly GroupEntry[], into: Gathered): readonly InputProblem[] =>
  groups.flatMap(entry => gatherGroup(file, entry, into))

type VariableEntry = Entry<string, YamlNode>
type HostEntry = Entry<string, readonly VariableEntry[]>
export type GroupEntry = Entry<GroupName, Placed<GroupBody>>
type GroupBody = Readonly<{
  hosts?: readonly HostEntry[]
  vars?: readonly VariableEntry[]
  children?: readonly GroupEntry[]
}>

const anyText: Named<string> = Object.assign(
  new t.Type<string, string, unknown>(
    'text',
    t.string.is,
    (value, context) => (typeof value === 'string' ? t.success(value) : t.failure(value, context)),
    t.identity,
  ),
  { pattern: null },
)

const anyValue: Codec<YamlNode> = codecOf('a value', anything, node => E.right(node))

/** Of a variables file, or of a host or group; Ansible takes any text for a name. */
export const variablesCodec = mapOf(anyText, anyValue, 'a map of variables')

/** One name alone stands for a map that holds it and nothing more. */
const mapOrName = <K, A>(key: Named<K>, value: Codec<A>, expected: string) => {
  const map = mapOf(key, value, expected)
  const name: JsonSchema = key.pattern === null ? { type: 'string' } : fitting(key.pattern, key.name)
  return codecOf<readonly Entry<K, A>[]>(expected, anyOf(map.schema, name), node => {
    if (node._tag !== 'scalar' || typeof node.value !== 'string') return decode(map, node)
    const nothing: YamlNode = { _tag: 'scalar', value: null, text: '', at: node.at }
    return decode(map, { _tag: 'map', entries: [{ key: node.value, keyAt: node.at, value: nothing }], at: node.at })
  })
}

const hosts = mapOrName(anyText, variablesCodec, 'a map of hosts')

const groupCodec: Codec<Placed<GroupBody>> = lazy('a group', () =>
  sealed(
    'a group',
    {},
    {
      hosts: field(
        'The hosts right in this group, each with its own variables. A name may stand for many: web[01:20].example.org. How a host is reached is said by ansible_host, ansible_user, ansible_port and the like.',
        hosts,
      ),
      vars: field(
        'Variables of all hosts in this group and in the groups below it; those of a deeper group win.',
        variablesCodec,
      ),
      children: field(
        'Groups within this one: their hosts are hosts of this one too.',
        mapOrName(GroupName, groupCodec, 'a map of groups'),
      ),
    },
  ),
)

export const groupsCodec: Codec<readonly GroupEntry[]> = mapOf(GroupName, groupCodec, 'a map of groups')

/** In the order they are written: of what is said twice of a host, the last counts. */
const gatherGroup = (file: string, { key, value: { value: body } }: GroupEntry, into: Gathered): InputProblem[] => {
  const group = into.addGroup(key)
  const problems: InputProblem[] = []
  for (const section of Object.keys(body) as readonly (keyof GroupBody)[]) {
    switch (section) {
      case 'vars':
        for (const { key, value } of body.vars ?? []) problems.push(...into.setGroupVariable(group, key.value, value))
        break
      case 'children':
        for (const child of body.children ?? []) {
          for (const problem of gatherGroup(file, child, into)) problems.push(problem)
          into.addChild(group, into.addGroup(child.key))
        }
        break
      case 'hosts':
        for (const entry of body.hosts ?? []) problems.push(...gatherHosts(file, entry, group, into))
    }
  }
  return problems
}

const gatherHosts = (
  file: string,
  { key, value: variables }: HostEntry,
  group: Group,
  into: Gathered,
): InputProblem[] => {
  const written = into.hostsIn(key.value)
  if (written === null) return []
  if (E.isLeft(written)) return [wrong(key, written.left)]
  const problems: InputProblem[] = []
  for (const text of written.right.names) {
    const name = HostName.decode(text)
    if (E.isLeft(name)) return [wrong(key, `"${text}"`)]
    into.addHost({ value: name.right, at: key.at }, group, written.right.port, file)
    for (const { key: variable, value } of variables) {
      problems.push(...into.setHostVariable(name.right, variable.value, value))
    }
  }
  return problems
}

const wrong = ({ at }: Placed<string>, found: string): InputProblem => ({
  _tag: 'WrongType',
  at,
  expected: HostName.name,
  found,
})
