/** YAML text to a tree with places, by js-yaml's event stream. */
import * as E from 'fp-ts/lib/Either.js'
import {
  boolCoreTag,
  EVENT_ID,
  floatCoreTag,
  getScalarValue,
  intCoreTag,
  NOT_RESOLVED,
  nullCoreTag,
  parseEvents,
  SCALAR_STYLE,
  YAMLException,
} from 'js-yaml'
import type { SourcePos } from '../model/place.js'
import type { InputProblem, InputProblems } from '../model/problem.js'
import { keyOf, type MapEntry, type ScalarNode, type YamlNode } from './node.js'

type YamlEvent = ReturnType<typeof parseEvents>[number]
/** `size`: how many values it unfolds into; `repeated`: how many of those an alias stands for. */
type Sized = Readonly<{ node: YamlNode; size: number; repeated: number }>
type ScalarEvent = Extract<YamlEvent, { type: typeof EVENT_ID.SCALAR }>

/** What plain text means, and how much there may be of it. */
export type YamlDialect = Readonly<{
  plainValue: (text: string) => PlainValue
  /** The most values in one file. */
  maxNodes: number
  /** Does `<<` take in the map behind it? */
  merges: boolean
  /** May a text be an expression without braces, as a condition is? */
  bareExpressions?: true
  /** Of two equal keys the last one counts, and nobody is told. */
  lastKeyCounts?: true
}>
export type PlainValue = Pick<ScalarNode, 'value' | 'float' | 'big'>

/** Aliases count as what they stand for: a few lines can be gigabytes. */
const maxRepeated = 200_000

/** Reads one document; a file that is empty or has several is refused. All mistakes js-yaml lets us go on after. */
export const parseYaml = (
  file: string,
  text: string,
  dialect: YamlDialect = yaml12,
): E.Either<InputProblems, YamlNode> => {
  const placeOf = placesIn(file, text)
  const excess = marksBeyond(text, dialect.maxNodes)
  if (excess !== null) return E.left([{ _tag: 'BadYaml', at: placeOf(excess), reason: tooMany(dialect.maxNodes) }])
  try {
    return compose(parseEvents(text, { filename: file }), text, placeOf, dialect)
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    const offset = error.mark?.position ?? 0
    const tab = tabBefore(text, offset)
    if (tab !== null) return E.left([{ _tag: 'BadYaml', at: placeOf(tab), reason: noTabs }])
    return E.left([{ _tag: 'BadYaml', at: placeOf(offset), reason: reasonOf(error) }])
  }
}

// A password may begin with any of these letters, so what follows them is not shown.
const noAnchor =
  'there is no complete value with this anchor before it; a value that begins with * has to stand in quotes'
const vaultTag = '!vault'
const noTags = 'tags are not understood but for !vault; a value that begins with ! has to stand in quotes'
const noMapKeys = 'a key has to be text; a value that begins with {{ has to stand in quotes'
const noTabs = 'a line cannot be indented with tabs'
const tooMany = (most: number): string => `it holds, or unfolds into, more than ${most} values`
const noMerge = 'what << takes in has to be a map, or a list of maps'

/** js-yaml keeps every event in memory, so what has too many is told by the marks between values, before it is parsed. */
const marksBeyond = (text: string, most: number): number | null => {
  const marks = /[\n\r,:[{]|[-?](?=\s)/g
  for (let count = 0; marks.test(text); count += 1) if (count === most) return marks.lastIndex - 1
  return null
}

/** The tab that the line is indented with, if one is: whatever js-yaml made of it, that is the mistake. */
const tabBefore = (text: string, offset: number): number | null => {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  const [spaces] = /^ */.exec(text.slice(start, offset + 1)) ?? ['']
  return text[start + spaces.length] === '\t' ? start + spaces.length : null
}

/** js-yaml's reasons as somebody needs them who has never heard of a node or a stream. */
const reasonOf = ({ reason }: YAMLException): string => {
  if (reason.startsWith('nesting exceeded')) return 'it is nested more than 100 deep'
  return /\btag\b/.test(reason) ? noTags : (inOtherWords.get(reason) ?? reason)
}

const inOtherWords: ReadonlyMap<string, string> = new Map([
  [
    'missed comma between flow collection entries',
    'a comma or the end is missing before this; within { } and [ ] a value that holds {{, or any bracket, has to stand in quotes',
  ],
  ['deficient indentation', 'this is indented too little; is a quote or a bracket open above it?'],
  ['end of the stream or a document separator is expected', 'this belongs to nothing above it; is it indented right?'],
  [
    'bad indentation of a mapping entry',
    'this cannot stand here; is it indented right? A value that holds ": " or begins with @, % or ` has to stand in quotes',
  ],
])

const compose = (
  events: readonly YamlEvent[],
  text: string,
  placeOf: (offset: number) => SourcePos,
  dialect: YamlDialect,
): E.Either<InputProblems, YamlNode> => {
  const problems: InputProblem[] = []
  const anchors = new Map<string, Sized>()
  let next = 0
  /** Where an empty value is said to be: it has no text, so what stands before it is pointed at. */
  let before = 0

  const refuse = (offset: number, reason: string): never => YAMLException.throwAt(text, offset, reason)

  const remember = (sized: Sized, event: { anchorStart: number; anchorEnd: number }): Sized => {
    const { size, repeated } = sized
    if (size > dialect.maxNodes) refuse(Math.max(event.anchorStart, 0), tooMany(dialect.maxNodes))
    if (repeated > maxRepeated) refuse(Math.max(event.anchorStart, 0), tooMany(maxRepeated))
    if (event.anchorStart >= 0) anchors.set(text.slice(event.anchorStart, event.anchorEnd), sized)
    return sized
  }

  const readNode = (): Sized => {
    const event = events[next]
    next += 1
    if (event === undefined) return refuse(text.length, 'the file ends in the middle of a value')
    switch (event.type) {
      case EVENT_ID.SCALAR: {
        before = startOf(event, text) ?? before
        if (tagOf(event) === vaultTag) {
          const node: YamlNode = { _tag: 'sealed', text: getScalarValue(text, event), at: placeOf(before) }
          return remember({ node, size: 1, repeated: 0 }, event)
        }
        refuseTag(event)
        const node = placed(scalar(event, text, placeOf(before), dialect), event, text, placeOf, dialect)
        return remember({ node, size: 1, repeated: 0 }, event)
      }
      case EVENT_ID.SEQUENCE: {
        refuseTag(event)
        before = event.start
        const items: YamlNode[] = []
        let [size, repeated] = [1, 0]
        while (events[next]?.type !== EVENT_ID.POP) {
          const item = readNode()
          items.push(item.node)
          size += item.size
          repeated += item.repeated
        }
        next += 1
        return remember({ node: { _tag: 'list', items, at: placeOf(event.start) }, size, repeated }, event)
      }
      case EVENT_ID.MAPPING: {
        refuseTag(event)
        before = event.start
        const entries: MapEntry[] = []
        const merged: MapEntry[] = []
        const first = new Map<string, SourcePos>()
        let [size, repeated] = [1, 0]
        while (events[next]?.type !== EVENT_ID.POP) {
          const { key, keyAt, isPlain } = readKey(first)
          const value = readNode()
          if (dialect.merges && isPlain && key === '<<') merged.push(...mergedBy(value.node))
          else entries.push({ key, keyAt, value: value.node })
          size += value.size
          repeated += value.repeated
        }
        next += 1
        const all = merged.length > 0 || dialect.lastKeyCounts ? lastOfEach([...merged, ...entries]) : entries
        return remember({ node: { _tag: 'map', entries: all, at: placeOf(event.start) }, size, repeated }, event)
      }
      case EVENT_ID.ALIAS: {
        const name = text.slice(event.anchorStart, event.anchorEnd)
        before = event.anchorStart - 1
        // An anchor is known only once its value is complete, so a value cannot hold itself.
        const { node, size } = anchors.get(name) ?? refuse(before, noAnchor)
        return { node: { ...node, at: placeOf(before) }, size, repeated: size }
      }
      default:
        return refuse(text.length, 'a value is missing')
    }
  }

  const readKey = (first: Map<string, SourcePos>): Omit<MapEntry, 'value'> & Readonly<{ isPlain: boolean }> => {
    const event = events[next]
    const isPlain = event?.type === EVENT_ID.SCALAR && event.style === SCALAR_STYLE.PLAIN
    const { node } = readNode()
    if (node._tag !== 'scalar') {
      problems.push({ _tag: 'BadYaml', at: node.at, reason: noMapKeys })
      return { key: '', keyAt: node.at, isPlain }
    }
    const known = first.get(node.text)
    if (known === undefined) first.set(node.text, node.at)
    else if (!dialect.lastKeyCounts) problems.push({ _tag: 'DuplicateKey', at: node.at, key: node.text, first: known })
    return { key: dialect.merges ? keyOf(node) : node.text, keyAt: node.at, isPlain }
  }

  const mergedBy = (node: YamlNode): readonly MapEntry[] => {
    if (node._tag === 'map') return node.entries
    // Of several maps the first counts most.
    if (node._tag === 'list') return [...node.items].reverse().flatMap(mergedBy)
    problems.push({ _tag: 'BadYaml', at: node.at, reason: noMerge })
    return []
  }

  const tagOf = ({ tagStart, tagEnd }: { tagStart: number; tagEnd: number }): string => text.slice(tagStart, tagEnd)

  const refuseTag = ({ tagStart }: { tagStart: number }): void => {
    if (tagStart >= 0) problems.push({ _tag: 'BadYaml', at: placeOf(tagStart), reason: noTags })
  }

  const documents = events.filter(event => event.type === EVENT_ID.DOCUMENT).length
  if (documents !== 1 || events[1]?.type === EVENT_ID.POP) {
    const reason = documents > 1 ? 'it holds several documents; one is read' : 'it is empty'
    return E.left([{ _tag: 'BadYaml', at: placeOf(0), reason }])
  }
  next = 1
  const { node: root } = readNode()
  const [first, ...rest] = problems
  return first === undefined ? E.right(root) : E.left([first, ...rest])
}

/** Each key where it first stood, with the value it was given last. */
const lastOfEach = (entries: readonly MapEntry[]): readonly MapEntry[] => [
  ...new Map(entries.map(entry => [entry.key, entry])).values(),
]

/** Quoted text is text; plain text may be null, true, a number. */
const scalar = (event: ScalarEvent, source: string, at: SourcePos, { plainValue }: YamlDialect): ScalarNode => {
  const text = getScalarValue(source, event)
  if (event.style !== SCALAR_STYLE.PLAIN) return { _tag: 'scalar', value: text, text, at }
  return { _tag: 'scalar', ...plainValue(text), text, at }
}

/** So that a letter within can be pointed at; with escapes in it, or on several lines, only where it begins is known. */
const placed = (
  node: ScalarNode,
  { valueStart }: ScalarEvent,
  source: string,
  placeOf: (offset: number) => SourcePos,
  { bareExpressions }: YamlDialect,
): ScalarNode => {
  if (!bareExpressions && !node.text.includes('{')) return node
  const isVerbatim = valueStart >= 0 && !node.text.includes('\n') && source.startsWith(node.text, valueStart)
  return isVerbatim ? { ...node, textAt: placeOf(valueStart) } : node
}

/** Where a person sees it begin: at its quote, or at the | or > of a block; null for an empty value. */
const startOf = ({ style, valueStart }: ScalarEvent, source: string): number | null => {
  switch (style) {
    case SCALAR_STYLE.SINGLE_QUOTED:
    case SCALAR_STYLE.DOUBLE_QUOTED:
      return valueStart - 1
    case SCALAR_STYLE.LITERAL_BLOCK:
      return source.lastIndexOf('|', valueStart)
    case SCALAR_STYLE.FOLDED_BLOCK:
      return source.lastIndexOf('>', valueStart)
    default:
      return valueStart < 0 ? null : valueStart
  }
}

/** YAML 1.2, core schema: `no` is text, `010` is 10. Twenty values for each of 10,000 hosts. */
const yaml12: YamlDialect = {
  maxNodes: 200_000,
  merges: false,
  bareExpressions: true,
  plainValue: text => {
    for (const tag of [nullCoreTag, boolCoreTag, intCoreTag, floatCoreTag]) {
      const value = tag.resolve(text, false, tag.tagName)
      if (value !== NOT_RESOLVED) return { value: value as ScalarNode['value'] }
    }
    return { value: text }
  },
}

/** JSON that a program has written, and more of it than anybody writes. */
export const machineMade: YamlDialect = { ...yaml12, maxNodes: 5_000_000 }

/** Offsets to line and column; the lines are found once. */
const placesIn = (file: string, text: string): ((offset: number) => SourcePos) => {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return offset => {
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return { file, line: low + 1, column: offset - (starts[low] ?? 0) + 1 }
  }
}
