/** A plan that was saved, from its file: JSON, read as YAML so that every mistake has its place. */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { RunOptions } from '../model/journal.js'
import { HostName } from '../model/names.js'
import type { Action, StepId } from '../model/plan.js'
import { desiredStates } from '../model/playbook.js'
import type { InputProblem, InputProblems } from '../model/problem.js'
import type { SavedPlan, SavedPlay, SavedStep, SeenPort, SeenProcess, SeenState } from '../model/saved-plan.js'
import { savedPlanMark, savedPlanVersion } from '../model/saved-plan.js'
import {
  type Codec,
  codecOf,
  type Decoded,
  decode,
  field,
  flag,
  list,
  mapOf,
  name,
  oneOf,
  sealed,
  text,
  wrongType,
} from './codec.js'
import type { Files } from './files.js'
import { anything } from './json-schema.js'
import type { YamlNode } from './node.js'
import { machineMade, parseYaml } from './yaml.js'

/** Left: it is no whole plan of this version, and where not. */
export const readSavedPlan = (files: Pick<Files, 'read'>, path: string): E.Either<InputProblems, SavedPlan> => {
  const content = files.read(path)
  if (E.isLeft(content)) return E.left([{ _tag: 'UnreadableFile', path, reason: content.left, at: null }])
  const node = parseYaml(path, content.right, machineMade)
  if (E.isLeft(node)) return node
  const foreign = whyForeign(node.right)
  return foreign === null ? decode(savedPlan, node.right) : E.left([foreign])
}

const whyForeign = (node: YamlNode): InputProblem | null => {
  const mark = node._tag === 'map' ? node.entries.find(({ key }) => key === savedPlanMark)?.value : undefined
  if (mark === undefined || mark._tag !== 'scalar' || typeof mark.value !== 'number') {
    return { _tag: 'BadConfig', at: (mark ?? node).at, reason: 'this is no plan that steward plan -o has saved' }
  }
  if (mark.value === savedPlanVersion) return null
  const reason = `it is of version ${mark.value}, and this steward reads version ${savedPlanVersion}: plan it again`
  return { _tag: 'BadConfig', at: mark.at, reason }
}

const unplaced = <A>(codec: Codec<Readonly<{ value: A }>>): Codec<A> =>
  codecOf(codec.name, anything, node => E.map(({ value }: { value: A }) => value)(decode(codec, node)))

type FieldsOf<C> = { readonly [K in keyof C]: Readonly<{ meaning: string; codec: Codec<Decoded<C[K]>> }> }

/** Nobody writes it by hand, so its keys need no meaning. */
const record = <C extends Readonly<Record<string, Codec<unknown>>>>(what: string, codecs: C) => {
  const fields = Object.entries(codecs).map(([key, codec]) => [key, field('', codec)] as const)
  return unplaced(sealed(what, Object.fromEntries(fields) as FieldsOf<C>, {}))
}

const whole: Codec<number> = codecOf('a whole number', anything, node =>
  node._tag === 'scalar' && Number.isSafeInteger(node.value)
    ? E.right(node.value as number)
    : E.left([wrongType(node, 'a whole number')]),
)

const orNull = <A>(codec: Codec<A>): Codec<A | null> =>
  codecOf<A | null>(`${codec.name} or null`, anything, node =>
    node._tag === 'scalar' && node.value === null ? E.right(null) : decode(codec, node),
  )

const plain = unplaced(text)
const plains = list(plain)

const option: Codec<RunOptions['more'][string]> = codecOf('an option', anything, node => {
  if (node._tag === 'list') return decode(plains, node)
  if (node._tag !== 'scalar' || node.value === null) return E.left([wrongType(node, 'an option')])
  return E.right(node.value)
})

const optionName = Object.assign(
  new t.Type<string, string, unknown>('an option', t.string.is, t.string.validate, String),
  {
    pattern: null,
  },
)

const more: Codec<RunOptions['more']> = codecOf('options', anything, node =>
  E.map((entries: readonly Readonly<{ key: Readonly<{ value: string }>; value: RunOptions['more'][string] }>[]) =>
    Object.fromEntries(entries.map(({ key, value }) => [key.value, value])),
  )(decode(mapOf(optionName, option, 'options'), node)),
)

const options: Codec<RunOptions> = record('the options of a plan', {
  command: oneOf('command', ['run', 'restart']),
  playbook: orNull(plain),
  inventory: plains,
  limit: orNull(plain),
  catalogs: plains,
  forks: whole,
  more,
  inputs: list(record('an input', { path: plain, sha256: plain })),
})

const process: Codec<SeenProcess> = record('a process', {
  name: plain,
  pid: orNull(whole),
  startTicks: orNull(whole),
  startedAt: orNull(plain),
})

const port: Codec<SeenPort> = record('a port', { port: plain, open: flag, holders: list(process) })

const seen: Codec<SeenState> = record('what was seen', {
  verdict: plain,
  bootId: orNull(plain),
  processes: list(process),
  ports: list(port),
})

const actions = [
  'None',
  'Start',
  'Wait',
  'Stop',
  'Restart',
  'Trim',
  'Finish',
  'Refuse',
  'Unreachable',
] as const satisfies readonly Action['_tag'][]

const stepId: Codec<StepId> = codecOf('SERVICE@HOST', anything, node =>
  node._tag === 'scalar' && /^[^@]+@[^@]+$/.test(node.text)
    ? E.right(node.text as StepId)
    : E.left([wrongType(node, 'SERVICE@HOST')]),
)

const step: Codec<SavedStep> = record('a step', {
  id: stepId,
  host: unplaced(name(HostName)),
  desired: oneOf('state', desiredStates),
  action: oneOf('action', actions),
  does: plains,
  hooks: plains,
  seen: orNull(seen),
})

const play: Codec<SavedPlay> = record('a play', { name: plain, steps: list(step) })

const wholePlan = record('a plan', {
  [savedPlanMark]: whole,
  madeAtMs: whole,
  madeBy: plain,
  version: plain,
  options,
  plays: list(play),
})

const savedPlan: Codec<SavedPlan> = codecOf('a plan', anything, node =>
  E.map(({ [savedPlanMark]: _, ...plan }: Decoded<typeof wholePlan>): SavedPlan => plan)(decode(wholePlan, node)),
)
