/** Codecs of the small values: times, signals, listening addresses. */
import * as E from 'fp-ts/lib/Either.js'
import type { Escalation } from '../model/catalog.js'
import { addressedForm, listenAddressForm, parseListenAddress } from '../model/listen-address.js'
import type { Placed } from '../model/place.js'
import type { InputProblem } from '../model/problem.js'
import { patternFault } from '../model/safe-pattern.js'
import type { Template } from '../model/template.js'
import { type Codec, codecOf, decode, wrongValue } from './codec.js'
import { anyOf, fitting } from './json-schema.js'
import { kindOf, type YamlNode } from './node.js'
import { holed, template } from './template.js'

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const

const durationPattern = /^(\d{1,9})(ms|s|m|h)$/
const timeForm = 'a time such as 500ms, 90s, 2m or 1h'

/** A time with its unit, in milliseconds; a bare number is refused, as nobody can know what it counts. */
export const duration: Codec<number> = codecOf(timeForm, fitting(durationPattern, timeForm), node => {
  const ms = node._tag === 'scalar' ? durationMs(node.text) : null
  return ms === null ? E.left([wrongValue(node, timeForm, withUnit(node))]) : E.right(ms)
})

/** Seconds are what a bare number most often means. */
const withUnit = (node: YamlNode): string | null =>
  node._tag === 'scalar' && /^\d{1,9}$/.test(node.text) ? `${node.text}s` : null

const durationMs = (text: string): number | null => {
  const match = durationPattern.exec(text)
  return match === null ? null : Number(match[1]) * unitMs[match[2] as keyof typeof unitMs]
}

const timePattern = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/
const timeOfDayForm = 'a time with its zone, such as 2026-11-24T23:00:00Z'

/** In milliseconds since 1970. Without a zone nobody can know which moment is meant. */
export const time: Codec<Placed<number>> = codecOf(timeOfDayForm, fitting(timePattern, timeOfDayForm), node => {
  const text = node._tag === 'scalar' ? node.text : ''
  const ms = timePattern.test(text) ? Date.parse(text.replace(' ', 'T')) : Number.NaN
  return Number.isNaN(ms) ? E.left([wrongValue(node, timeOfDayForm)]) : E.right({ value: ms, at: node.at })
})

const signals = ['TERM', 'INT', 'HUP', 'QUIT', 'KILL'] as const
const escalationForm = `${signals.join(', ')} or ${timeForm}`

/** One item of `then: [TERM, 10s, KILL]`. */
export const escalation: Codec<Escalation> = codecOf(
  escalationForm,
  anyOf({ enum: signals }, duration.schema),
  node => {
    const word = node._tag === 'scalar' ? node.text : ''
    const name = signals.find(signal => signal === word)
    if (name !== undefined) return E.right({ _tag: 'Signal', name })
    const ms = durationMs(word)
    if (ms !== null) return E.right({ _tag: 'Pause', ms })
    const isWord = node._tag === 'scalar' && node.secret !== true && /^[A-Za-z]+$/.test(word)
    if (isWord) return E.left([{ _tag: 'UnknownWord', at: node.at, what: 'signal', word, known: signals }])
    return E.left([wrongValue(node, escalationForm, withUnit(node))])
  },
)

const patternForm = "a regular expression in RE2's syntax"

/** Checked here where it holds no variables, else once they are filled in. */
export const safePattern: Codec<Template> = codecOf(patternForm, template.schema, node => {
  const parsed = decode(template, node)
  if (E.isLeft(parsed)) return parsed
  const [only = '', ...more] = parsed.right.parts
  const fault = typeof only === 'string' && more.length === 0 ? patternFault(only) : null
  return fault === null ? parsed : E.left([{ _tag: 'BadTemplate', at: node.at, reason: fault }])
})

/** Without quotes a port, with an address before it or a variable in it text. */
const listenSchema = anyOf(
  { type: 'integer', minimum: 1, maximum: 65_535 },
  fitting(addressedForm, listenAddressForm),
  holed,
)

/** Only an address, or a variable, is text: whoever writes a port as text may take other numbers for that too. */
const inQuotes = ({ at }: YamlNode, port: number): InputProblem => ({
  _tag: 'WrongType',
  at,
  expected: listenAddressForm,
  found: `text: a port stands without quotes, as ${port}`,
})

/** A listening address that may hold variables; one without is checked here, the others once they are filled in. */
export const listenAddress: Codec<Template> = codecOf(listenAddressForm, listenSchema, node => {
  const parsed = decode(template, node)
  if (E.isLeft(parsed)) return kindOf(node) === 'text' ? parsed : E.left([wrongValue(node, listenAddressForm)])
  const [only = '', ...more] = parsed.right.parts
  const fixed = typeof only === 'string' && more.length === 0
  if (fixed && /^\d{1,5}$/.test(only) && kindOf(node) === 'text') return E.left([inQuotes(node, Number(only))])
  return fixed && parseListenAddress(only) === null ? E.left([wrongValue(node, listenAddressForm)]) : parsed
})
