/** What a catalog says of when a service is ready. */
import * as E from 'fp-ts/lib/Either.js'
import type { Asker, ReadyRules, WrittenCheck } from '../model/ready.js'
import {
  type Codec,
  codecOf,
  type Decoded,
  decode,
  field,
  filled,
  flag,
  oneOf,
  oneOrMore,
  placed,
  sealed,
  wrongValue,
} from './codec.js'
import { anyOf } from './json-schema.js'
import { command, template } from './template.js'
import { duration, listenAddress } from './values.js'

/** A JVM behind an init script is there within this time on a machine worth running it. */
const defaultReady = { withinMs: 60_000, stableMs: 2_000 }

const statusForm = 'an HTTP status (100 to 599)'

const status: Codec<number> = codecOf(statusForm, { type: 'integer', minimum: 100, maximum: 599 }, node => {
  const code = node._tag === 'scalar' && typeof node.value === 'number' ? node.value : 0
  return Number.isInteger(code) && code >= 100 && code <= 599 ? E.right(code) : E.left([wrongValue(node, statusForm)])
})

const from = field(
  'Who asks: the host itself (the default), or the controller, the machine that steward runs on.',
  oneOf<Asker>('from', ['host', 'controller']),
)

const http = sealed(
  'an http',
  { url: field('The URL that has to answer. No redirect is followed.', template) },
  {
    status: field(
      'The status it has to answer with, or a list of them; 200 if it is not said.',
      filled(oneOrMore(status)),
    ),
    body: field('Text that the first 64 KiB of the answer have to hold.', template),
    verify: field('false: take any certificate.', flag),
    from,
  },
)
const tcp = sealed(
  'a tcp',
  { port: field('The port, or ADDRESS:PORT, that has to take a connection.', listenAddress) },
  { from },
)
const log = sealed(
  'a log',
  {
    file: field('The file on the host.', template),
    line: field('Text that has to stand in a line which was written since the start.', template),
  },
  {},
)

/** What is no map is the one thing that the map must have. */
const shortOr = <Short, Long>(short: Codec<Short>, long: Codec<Long>) =>
  codecOf<Readonly<{ short: Short } | { long: Long }>>(
    `${short.name}, or ${long.name}`,
    anyOf(short.schema, long.schema),
    node =>
      node._tag === 'map'
        ? E.map((value: Long) => ({ long: value }))(decode(long, node))
        : E.map((value: Short) => ({ short: value }))(decode(short, node)),
  )

/** What can be asked of anything: over HTTP, or by a command. */
export const asks = { http: oneOrMore(shortOr(template, http)), command: oneOrMore(command) }

export const readyCodec = sealed(
  'a ready',
  {},
  {
    within: field('From the start to ready; 60s if it is not said.', duration),
    stable: field('For how long it then has to stay ready; 2s if it is not said.', placed(duration)),
    http: field('URLs that have to answer, one or a list.', asks.http),
    tcp: field('Ports that have to take a connection, one or a list.', oneOrMore(shortOr(listenAddress, tcp))),
    log: field('Lines that have to be written to a log since the start.', oneOrMore(log)),
    command: field(
      'A command on the host that has to end with 0, or a list of them. It is run over and over, so it must not change anything.',
      asks.command,
    ),
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
