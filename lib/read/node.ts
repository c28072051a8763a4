/** A YAML document as a tree in which every value and every key knows its place. */
import type { Either } from 'fp-ts/lib/Either.js'
import { type Data, floatText } from '../model/data.js'
import type { SourcePos } from '../model/place.js'
import type { Secret } from '../model/secret.js'

export type YamlNode = ScalarNode | SealedNode | ListNode | MapNode

export type ScalarNode = Readonly<{
  _tag: 'scalar'
  value: string | number | boolean | null
  /** As it was written, so that a port `0080` can be shown as such. */
  text: string
  /** A number that is no integer, be it `1.0`; only where the language that was read tells them apart. */
  float?: true
  /** An integer that a number cannot hold. */
  big?: bigint
  at: SourcePos
  /** The place of the first letter of `text` where all of it stands there as it is, in one line. */
  textAt?: SourcePos
  /** It stands in a file that is encrypted. */
  secret?: true
}>
/** Text behind `!vault`. */
export type SealedNode = Readonly<{
  _tag: 'sealed'
  text: string
  at: SourcePos
  /** Set where the passwords are known. */
  open?: () => Either<string, Secret>
}>
type ListNode = Readonly<{ _tag: 'list'; items: readonly YamlNode[]; at: SourcePos }>
type MapNode = Readonly<{ _tag: 'map'; entries: readonly MapEntry[]; at: SourcePos }>
export type MapEntry = Readonly<{ key: string; keyAt: SourcePos; value: YamlNode }>

/** What a node is, in words for a message; never its value, which may be a secret. */
export const kindOf = (node: YamlNode): string => {
  if (node._tag === 'sealed') return 'an encrypted value, which only a variable can be'
  if (node._tag !== 'scalar') return `a ${node._tag}`
  if (node.value === null) return 'nothing'
  if (typeof node.value === 'string') return 'text'
  return typeof node.value === 'number' ? 'a number' : 'true or false'
}

/** What it says, without where. */
export const dataOf = (node: YamlNode): Data => {
  switch (node._tag) {
    case 'sealed':
      return new Map([['__ansible_vault', node.text]])
    case 'list':
      return node.items.map(dataOf)
    case 'map':
      return new Map(node.entries.map(({ key, value }) => [key, dataOf(value)]))
    case 'scalar': {
      const { value, float, big } = node
      return typeof value === 'number' && !float ? (big ?? BigInt(value)) : value
    }
  }
}

/** A key as JSON has it, where every key is text. */
export const keyOf = ({ value, float, big }: ScalarNode): string =>
  typeof value === 'number' && float ? floatText(value) : String(big ?? value)
