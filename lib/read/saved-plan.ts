/** A plan that was saved, from its file: JSON, read as YAML so that every mistake has its place. */
import * as E from 'fp-ts/lib/Either.js'
import { HostName } from '../model/names.js'
import type { Action, StepId } from '../model/plan.js'
import { desiredStates } from '../model/playbook.js'
import type { InputProblem, InputProblems } from '../model/problem.js'
import type { SavedPlan, SavedPlay, SavedStep, SeenPort, SeenProcess, SeenState } from '../model/saved-plan.js'
import { savedPlanMark, savedPlanVersion } from '../model/saved-plan.js'
import { type Codec, codecOf, type Decoded, decode, flag, list, name, oneOf, wrongType } from './codec.js'
import type { Files } from './files.js'
import { anything } from './json-schema.js'
import type { YamlNode } from './node.js'
import { orNull, plain, plains, record, unplaced, whole } from './saved-fields.js'
import { savedOptions } from './saved-options.js'
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

const step: Codec<SavedStep> = record(
  'a step',
  {
    id: stepId,
    host: unplaced(name(HostName)),
    desired: oneOf('state', desiredStates),
    action: oneOf('action', actions),
    does: plains,
    hooks: plains,
    seen: orNull(seen),
  },
  { skipped: plain },
)

const play: Codec<SavedPlay> = record('a play', { name: plain, steps: list(step) })

const wholePlan = record('a plan', {
  [savedPlanMark]: whole,
  madeAtMs: whole,
  madeBy: plain,
  version: plain,
  options: savedOptions,
  plays: list(play),
})

const savedPlan: Codec<SavedPlan> = codecOf('a plan', anything, node =>
  E.map(({ [savedPlanMark]: _, ...plan }: Decoded<typeof wholePlan>): SavedPlan => plan)(decode(wholePlan, node)),
)
