/** What a playbook says of how a play goes over its hosts. */
import * as E from 'fp-ts/lib/Either.js'
import {
  atOnce,
  type Canary,
  parsePercentage,
  parseShare,
  percentageForm,
  percentagePattern,
  type Share,
  shareForm,
  sharePattern,
  type WrittenRollout,
} from '../model/rollout.js'
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
  sealed,
  wrongValue,
} from './codec.js'
import { anyOf, fitting, type JsonSchema } from './json-schema.js'
import { asks, readyOf } from './ready.js'
import { orTemplate } from './template.js'
import { duration } from './values.js'

/** A number from `least` up, in quotes or not, or a percentage in text. */
const shareSchema = (least: 0 | 1, form: string): JsonSchema => {
  const notNothing = least === 0 ? '' : '(?!\\s*0+\\s*$)'
  const pattern = new RegExp(sharePattern.source.replace('^', `^${notNothing}`))
  return anyOf({ type: 'integer', minimum: least, maximum: 999_999_999 }, fitting(pattern, form))
}

const shareFrom = (least: 0 | 1, form: string): Codec<Share> =>
  codecOf(form, shareSchema(least, form), node => {
    const found = node._tag === 'scalar' ? parseShare(node.text) : null
    const isEnough = found !== null && (found._tag === 'Percent' || found.count >= least)
    return isEnough ? E.right(found) : E.left([wrongValue(node, form)])
  })

/** `10` or `"25%"`, as Ansible has them; `0` means all. */
const share = shareFrom(0, shareForm)

/** The first of the hosts: none would be no canary, and all would be none either. */
const someHosts = shareFrom(1, 'a number of hosts from 1, or a percentage such as 25%')

/** Of the instances of a service: none at all would never be restarted. */
export const someInstances = shareFrom(1, 'a number of instances from 1, or a percentage such as 25%')

const percentageSchema = anyOf({ type: 'number', minimum: 0, maximum: 100 }, fitting(percentagePattern, percentageForm))

/** `30`, or `"30%"`, as Ansible has them. */
const percentage: Codec<number> = codecOf(percentageForm, percentageSchema, node => {
  const found = node._tag === 'scalar' ? parsePercentage(node.text) : null
  return found === null ? E.left([wrongValue(node, percentageForm)]) : E.right(found)
})

const canaryFields = sealed(
  'a canary',
  { hosts: field('How many hosts: a number from 1, or a percentage such as 5%.', someHosts) },
  {
    stable: field('For how long they have to stay as they should be before the others begin.', duration),
    ask: field('true: a person has to say that it goes on.', flag),
  },
)

/** A share of the hosts, or a map with that as its `hosts`. */
const canary: Codec<Canary> = codecOf(
  `${someHosts.name}, or a canary`,
  anyOf(someHosts.schema, canaryFields.schema),
  node =>
    node._tag === 'map'
      ? E.map(({ value }: Decoded<typeof canaryFields>): Canary => canaryOf(value.hosts, value.stable, value.ask))(
          decode(canaryFields, node),
        )
      : E.map((size: Share) => canaryOf(size))(decode(someHosts, node)),
)

const canaryOf = (size: Share, stableMs = 0, ask = false): Canary => ({ size, stableMs, ask })

const gate = sealed(
  'a gate',
  {},
  {
    within: field('For how long it is waited for; 30s if it is not said.', duration),
    http: field('URLs that have to answer this machine, one or a list.', asks.http),
    command: field('A command on this machine that has to end with 0, or a list of them.', asks.command),
  },
)

const budget = sealed(
  'a budget',
  {},
  {
    over: field(
      'Of which hosts max_fail_percentage is a part: those of the batch (as in Ansible), or of the rollout.',
      oneOf<'batch' | 'rollout'>('over', ['batch', 'rollout']),
    ),
    unreachable: field(
      'Whether a host out of reach counts as one that failed; count if it is not said.',
      oneOf<'count' | 'ignore'>('unreachable', ['count', 'ignore']),
    ),
  },
)

export const rolloutFields = {
  serial: field(
    'How many hosts change at once: a number, a percentage such as 25%, or a list of them, whose last one counts again and again. All of them if it is not said.',
    filled(oneOrMore(orTemplate(share))),
  ),
  max_fail_percentage: field(
    'Nothing more is begun once more than this part of the hosts has failed.',
    orTemplate(percentage),
  ),
  any_errors_fatal: field('true: nothing more is begun once anything has failed.', orTemplate(flag)),
  canary: field('A batch before all others: its hosts, or a map.', canary),
  pause_between: field('How long to wait between batches.', duration),
  gate: field('What has to hold between batches, besides that all that was changed is as it should be.', gate),
  budget: field('How failures are counted for max_fail_percentage.', budget),
  max_unavailable: field(
    'A restart leaves no more instances of a service than this away at once; it counts before what the services say.',
    someInstances,
  ),
}

type Fields = typeof rolloutFields
type RolloutRead = { readonly [K in keyof Fields]?: Decoded<Fields[K]['codec']> | undefined }

export const rolloutOf = (read: RolloutRead): WrittenRollout => ({
  serial: read.serial ?? [],
  canary: read.canary ?? null,
  pauseBetweenMs: read.pause_between ?? 0,
  gate: gateOf(read.gate?.value),
  budget: {
    maxFailPercentage: read.max_fail_percentage ?? null,
    anyErrorsFatal: read.any_errors_fatal ?? false,
    over: read.budget?.value.over ?? atOnce.budget.over,
    unreachable: read.budget?.value.unreachable ?? atOnce.budget.unreachable,
  },
  maxUnavailable: read.max_unavailable ?? null,
})

/** Its checks are those of a service's readiness, all asked from here. */
const gateOf = (read: Decoded<typeof gate>['value'] | undefined): WrittenRollout['gate'] => {
  const { within, ...checks } = read ?? {}
  const { checks: found } = readyOf(checks)
  return {
    withinMs: within ?? atOnce.gate.withinMs,
    checks: found.map(check => ('from' in check ? { ...check, from: 'controller' } : check)),
  }
}
