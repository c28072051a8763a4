/** The options that a saved plan was made with, by their names on the command line. */
import * as E from 'fp-ts/lib/Either.js'
import { becomeMethods } from '../model/become.js'
import type { RunOptions } from '../model/journal.js'
import { desiredStates } from '../model/playbook.js'
import { parsePercentage, parseShare, percentageForm, rollbacks } from '../model/rollout.js'
import {
  type Codec,
  codecOf,
  type Decoded,
  decode,
  field,
  flag,
  list,
  oneOf,
  sealed,
  wrongType,
  wrongValue,
} from './codec.js'
import { anything } from './json-schema.js'
import { orNull, plain, plains, record, whole } from './saved-fields.js'

const numberFrom = (least: 0 | 1): Codec<number> => {
  const form = `a whole number from ${least} up`
  return codecOf(form, anything, node => {
    const read = decode(whole, node)
    return E.isLeft(read) || read.right >= least ? read : E.left([wrongValue(node, form)])
  })
}

const isShare = (text: string): boolean => {
  const share = parseShare(text)
  return share !== null && (share._tag === 'Percent' || share.count > 0)
}

const textThat = (form: string, isSound: (text: string) => boolean): Codec<string> =>
  codecOf(form, anything, node =>
    node._tag === 'scalar' && typeof node.value === 'string' && isSound(node.value)
      ? E.right(node.value)
      : E.left([wrongValue(node, form)]),
  )

const share = textThat('a number from 1 up, or a percentage such as 25%', isShare)
const shares = textThat('numbers or percentages, such as 1,5,25%', text =>
  text.split(',').every(one => parseShare(one) !== null),
)

const percentage: Codec<number> = codecOf(percentageForm, anything, node =>
  node._tag === 'scalar' && typeof node.value === 'number' && parsePercentage(node.text) !== null
    ? E.right(node.value)
    : E.left([wrongValue(node, percentageForm)]),
)

const codecs = {
  'max-answer': numberFrom(1),
  'lock-timeout': numberFrom(0),
  'stop-survivors': flag,
  'playbook-dir': plain,
  only: plains,
  services: plains,
  state: oneOf('state', desiredStates),
  'started-after': whole,
  'extra-vars': plains,
  tags: plains,
  'skip-tags': plains,
  'start-at': plain,
  transport: oneOf('transport', ['ssh', 'openssh']),
  'connect-timeout': numberFrom(1),
  'handshake-timeout': numberFrom(1),
  'command-timeout': numberFrom(1),
  'idle-timeout': numberFrom(1),
  'host-key': oneOf('host-key', ['strict', 'accept-new']),
  'ask-pass': flag,
  'ask-become-pass': flag,
  'connection-password-file': plain,
  'become-password-file': plain,
  become: flag,
  'become-user': plain,
  'become-method': oneOf('become-method', becomeMethods),
  'ask-vault-pass': flag,
  'vault-password-file': plains,
  'vault-id': plains,
  serial: shares,
  canary: share,
  'pause-between': numberFrom(0),
  'max-fail-percentage': percentage,
  'any-errors-fatal': flag,
  'max-unavailable': share,
  rollback: oneOf('rollback', rollbacks),
}

const fields = Object.fromEntries(Object.entries<Codec<unknown>>(codecs).map(([key, codec]) => [key, field('', codec)]))

/** One that is not known would be left out, and the plan not be made again as it was. */
const more: Codec<RunOptions['more']> = codecOf('options', anything, node =>
  E.map(({ value }: Decoded<typeof sealedMore>) => value as RunOptions['more'])(decode(sealedMore, node)),
)
const sealedMore = sealed('the options of a plan', {}, fields)

const input = record('an input', { path: plain, sha256: plain })

const written = record('the options of a plan', {
  command: oneOf('command', ['run', 'start', 'stop', 'restart']),
  playbook: orNull(plain),
  inventory: plains,
  limit: orNull(plain),
  catalogs: plains,
  forks: numberFrom(1),
  more,
  inputs: list(input),
})

/** Without a playbook it is of services, which are among them with their state, or the time of their restart. */
export const savedOptions: Codec<RunOptions> = codecOf('the options of a plan', anything, node => {
  const read = decode(written, node)
  if (E.isLeft(read)) return read
  const { playbook, more } = read.right
  const isWhole = playbook !== null || ('services' in more && ('state' in more || 'started-after' in more))
  return isWhole ? read : E.left([wrongType(node, 'a playbook, or services and state or started-after')])
})
