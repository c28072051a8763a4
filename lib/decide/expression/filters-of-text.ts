/** Filters that take text and make text of it, or a list. */
import { replaceAll } from '../../model/safe-pattern.js'
import { shellWord } from '../../model/shell.js'
import { isList, jsonOf, kindOfValue, textOfValue, type Value } from '../../model/value.js'
import { bind, type Filter, type Given } from './arguments.js'
import { fail } from './fault.js'
import { attributeOf, itemsOf } from './items.js'
import { textFor } from './operators.js'
import { Missing } from './scope.js'
import { bounded, maxLength } from './size.js'

/** Of a text, by a function; what is no text is refused. */
const ofText =
  (change: (text: string) => string): Filter =>
  (value, given) => {
    bind(given, [])
    return change(textFor(value, given.at))
  }

const join: Filter = (value, given) => {
  const args = bind(given, ['d', 'attribute'])
  const path = args.value('attribute')
  const texts = itemsOf(value, given.at).map(item => {
    const found = path === undefined ? item : attributeOf(item, path, given.at)
    return found instanceof Missing ? fail(given.at, 'an item has no such attribute') : textFor(found, given.at)
  })
  const between = args.text('d', '')
  bounded('', given.at, between.length * texts.length)
  return bounded(texts.join(between), given.at)
}

/** Without a separator, at white space, of which none is left. */
const split: Filter = (value, given) => {
  const args = bind(given, ['sep', 'maxsplit'])
  const text = pureText(value, given)
  const separator = args.value('sep') ?? null
  const most = args.whole('maxsplit', -1)
  if (separator === null) return atSpaces(text, most)
  if (typeof separator !== 'string' || separator === '') return fail(given.at, 'sep has to be text that is not empty')
  const parts = text.split(separator)
  if (most < 0 || parts.length <= most + 1) return parts
  return [...parts.slice(0, most), parts.slice(most).join(separator)]
}

const atSpaces = (text: string, most: number): readonly string[] => {
  const words: string[] = []
  let rest = text.trimStart()
  while (rest !== '') {
    const end = most >= 0 && words.length >= most ? -1 : rest.search(/\s/)
    words.push(end < 0 ? (most >= 0 && words.length >= most ? rest : rest.trimEnd()) : rest.slice(0, end))
    rest = end < 0 ? '' : rest.slice(end).trimStart()
  }
  return words
}

const replace: Filter = (value, given) => {
  const args = bind(given, ['old', 'new', 'count'], 2)
  const [before, after, most] = [args.text('old', ''), args.text('new', ''), args.value('count') ?? null]
  const text = textFor(value, given.at)
  const parts = before === '' ? ['', ...text, ''] : text.split(before)
  const count = typeof most === 'number' && most >= 0 ? Math.min(most, parts.length - 1) : parts.length - 1
  bounded('', given.at, after.length * count)
  const replaced = parts.slice(0, count + 1).join(after)
  return bounded([replaced, ...parts.slice(count + 1)].join(before), given.at)
}

const regexReplace: Filter = (value, given) => {
  const args = bind(given, ['pattern', 'replacement', 'ignorecase', 'multiline'])
  const flags = `${args.flag('ignorecase') ? 'i' : ''}${args.flag('multiline') ? 'm' : ''}`
  const pattern = `${flags === '' ? '' : `(?${flags})`}${args.text('pattern', '')}`
  const replaced = replaceAll(pattern, textFor(value, given.at), args.text('replacement', ''), maxLength)
  return bounded('fault' in replaced ? fail(given.at, replaced.fault) : replaced.text, given.at)
}

const trim: Filter = (value, given) => {
  const letters = bind(given, ['chars']).value('chars') ?? null
  const text = textFor(value, given.at)
  if (letters === null) return text.trim()
  if (typeof letters !== 'string') return fail(given.at, 'chars has to be text')
  const all = [...text]
  const first = all.findIndex(letter => !letters.includes(letter))
  const last = all.findLastIndex(letter => !letters.includes(letter))
  return first < 0 ? '' : all.slice(first, last + 1).join('')
}

/** As Python's `os.path.split` does it. */
const headAndTail = (path: string): readonly [string, string] => {
  const cut = path.lastIndexOf('/') + 1
  const head = path.slice(0, cut)
  return [/^\/*$/.test(head) ? head : head.replace(/\/+$/, ''), path.slice(cut)]
}

const pureText = (value: Value, { at }: Given): string =>
  typeof value === 'string' ? value : fail(at, `this takes text, and finds ${kindOfValue(value)}`)

export const textFilters = {
  basename: ofText(path => headAndTail(path)[1]),
  capitalize: ofText(text => text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase()),
  dirname: ofText(path => headAndTail(path)[0]),
  join,
  lower: ofText(text => text.toLowerCase()),
  quote: (value, given) => {
    bind(given, [])
    if (isList(value)) return fail(given.at, "quote takes one text; of a list: map('quote')")
    return shellQuoted(textFor(value, given.at))
  },
  regex_replace: regexReplace,
  replace,
  split,
  string: (value, given) => {
    bind(given, [])
    return (
      textOfValue(value) ?? fail(given.at, `text cannot be made of ${kindOfValue(value)}; to_json makes JSON of it`)
    )
  },
  to_json: (value, given) => {
    bind(given, [])
    return bounded(jsonOf(value), given.at)
  },
  trim,
  upper: ofText(text => text.toUpperCase()),
} as const satisfies Readonly<Record<string, Filter>>

/** As Python's `shlex.quote` does it. */
const shellQuoted = (text: string): string => shellWord(text).replaceAll(`'\\''`, `'"'"'`)
