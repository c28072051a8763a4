/** What a catalog says of when a service is ready. */
import * as E from 'fp-ts/lib/Either.js'
import type { Asker, ReadyRules, WrittenCheck } from '../model/ready.js'
import {
  type Codec,
  codecOf,
  type Decoded,
  decode,
  filled,
  flag,
  oneOf,
  oneOrMore,
  placed,
  sealed,
  wrongType,
} from './codec.js'
import { command, template } from './template.js'
import { duration, listenAddress } from './values.js'

/** A JVM behind an init script is there within this time on a machine worth running it. */
const defaultReady = { withinMs: 60_000, stableMs: 2_000 }

const statusForm = 'an HTTP status (100 to 599)'

const status: Codec<number> = codecOf(statusForm, node => {
  const code = node._tag === 'scalar' && typeof node.value === 'number' ? node.value : 0
  return Number.isInteger(code) && code >= 100 && code <= 599 ? E.right(code) : E.left([wrongType(node, statusForm)])
})

const from = oneOf<Asker>('from', ['host', 'controller'])

const http = sealed(
  'an http',
  { url: template },
  { status: filled(oneOrMore(status)), body: template, verify: flag, from },
)
const tcp = sealed('a tcp', { port: listenAddress }, { from })
const log = sealed('a log', { file: template, line: template }, {})

/** What is no map is the one thing that the map must have. */
const shortOr = <Short, Long>(short: Codec<Short>, long: Codec<Long>) =>
  codecOf<Readonly<{ short: Short } | { long: Long }>>(`${short.name}, or ${long.name}`, node =>
    node._tag === 'map'
      ? E.map((value: Long) => ({ long: value }))(decode(long, node))
      : E.map((value: Short) => ({ short: value }))(decode(short, node)),
  )

export const readyCodec = sealed(
  'a ready',
  {},
  {
    within: duration,
    stable: placed(duration),
    http: oneOrMore(shortOr(template, http)),
    tcp: oneOrMore(shortOr(listenAddress, tcp)),
    log: oneOrMore(log),
    command: oneOrMore(command),
  },
)

type ReadyRead = Decoded<typeof readyCodec>['value']

export const readyOf = (ready: ReadyRead): ReadyRules<WrittenCheck> => ({
  withinMs: ready.within ?? defaultReady.withinMs,
  stableMs: ready.stable?.value ?? defaultReady.stableMs,
  checks: [
    ...(ready.http ?? []).map(httpOf),
    ...(ready.tcp ?? []).map(tcpOf),
    ...(ready.log ?? []).map(({ value }): WrittenCheck => ({ _tag: 'Log', ...value })),
    ...(ready.command ?? []).map((text): WrittenCheck => ({ _tag: 'Command', command: text })),
  ],
})

const httpOf = (written: NonNullable<ReadyRead['http']>[number]): WrittenCheck => {
  const given = 'short' in written ? { url: written.short } : written.long.value
  return {
    _tag: 'Http',
    url: given.url,
    status: given.status ?? [200],
    body: given.body ?? null,
    verify: given.verify ?? true,
    from: given.from ?? 'host',
  }
}

const tcpOf = (written: NonNullable<ReadyRead['tcp']>[number]): WrittenCheck => {
  const given = 'short' in written ? { port: written.short } : written.long.value
  return { _tag: 'Tcp', place: given.port, from: given.from ?? 'host' }
}
