/** What a playbook says of how a play goes over its hosts. */
import * as E from 'fp-ts/lib/Either.js'
import { atOnce, type Canary, parseShare, type Share, type WrittenRollout } from '../model/rollout.js'
import {
  type Codec,
  codecOf,
  type Decoded,
  decode,
  filled,
  flag,
  oneOf,
  oneOrMore,
  sealed,
  wrongType,
} from './codec.js'
import { askFields, readyOf } from './ready.js'
import { duration } from './values.js'

const shareForm = 'a number of hosts, or a percentage such as 25%'

/** `10` or `"25%"`, as Ansible has them. */
const share: Codec<Share> = codecOf(shareForm, node => {
  const found = node._tag === 'scalar' ? parseShare(node.text) : null
  return found === null ? E.left([wrongType(node, shareForm)]) : E.right(found)
})

const someForm = 'a number of instances from 1, or a percentage such as 25%'

/** The same of the instances of a service; none at all would never be restarted. */
export const someInstances: Codec<Share> = codecOf(someForm, node => {
  const found = node._tag === 'scalar' ? parseShare(node.text) : null
  const isSome = found !== null && (found._tag === 'Percent' || found.count > 0)
  return isSome ? E.right(found) : E.left([wrongType(node, someForm)])
})

const percentageForm = 'a percentage from 0 to 100'

const percentage: Codec<number> = codecOf(percentageForm, node => {
  const number = node._tag === 'scalar' && typeof node.value === 'number' ? node.value : Number.NaN
  return number >= 0 && number <= 100 ? E.right(number) : E.left([wrongType(node, percentageForm)])
})

const canaryFields = sealed('a canary', { hosts: share }, { stable: duration, ask: flag })

/** A share of the hosts, or a map with that as its `hosts`. */
const canary: Codec<Canary> = codecOf(`${shareForm}, or a canary`, node =>
  node._tag === 'map'
    ? E.map(({ value }: Decoded<typeof canaryFields>): Canary => canaryOf(value.hosts, value.stable, value.ask))(
        decode(canaryFields, node),
      )
    : E.map((size: Share) => canaryOf(size))(decode(share, node)),
)

const canaryOf = (size: Share, stableMs = 0, ask = false): Canary => ({ size, stableMs, ask })

const gate = sealed('a gate', {}, { within: duration, ...askFields })

const budget = sealed(
  'a budget',
  {},
  {
    over: oneOf<'batch' | 'rollout'>('over', ['batch', 'rollout']),
    unreachable: oneOf<'count' | 'ignore'>('unreachable', ['count', 'ignore']),
  },
)

export const rolloutFields = {
  serial: filled(oneOrMore(share)),
  max_fail_percentage: percentage,
  any_errors_fatal: flag,
  canary,
  pause_between: duration,
  gate,
  budget,
  max_unavailable: someInstances,
}

type RolloutRead = { readonly [K in keyof typeof rolloutFields]?: Decoded<(typeof rolloutFields)[K]> | undefined }

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

const defaultGateMs = 30_000

/** Its checks are those of a service's readiness, all asked from here. */
const gateOf = (read: Decoded<typeof gate>['value'] | undefined): WrittenRollout['gate'] => {
  const { within, ...checks } = read ?? {}
  const { checks: found } = readyOf(checks)
  return {
    withinMs: within ?? defaultGateMs,
    checks: found.map(check => ('from' in check ? { ...check, from: 'controller' } : check)),
  }
}
