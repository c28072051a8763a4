/** A plan without what may hold a secret: each step with the evidence that has to hold when it is applied. */
import { showListenAddress } from '../model/listen-address.js'
import type { Process } from '../model/observation.js'
import type { Action, Launch, PlannedPlay, Step } from '../model/plan.js'
import type { SavedPlay, SavedStep, SeenPort, SeenProcess, SeenState } from '../model/saved-plan.js'
import type { Copy, PortEvidence, Verdict } from '../model/verdict.js'
import { hookInWords, instanceInWords } from '../model/words.js'

export const digestPlay = ({ name, steps }: PlannedPlay): SavedPlay => ({ name, steps: steps.map(digestStep) })

const digestStep = ({ id, host, desired, action, hooks, found, skipped }: Step): SavedStep => ({
  id,
  host,
  desired,
  action: action._tag,
  does: doneBy(action),
  hooks: hooks.map(hookInWords),
  seen: found === null ? null : seenIn(found),
  ...(skipped === undefined ? {} : { skipped }),
})

const doneBy = (action: Action): readonly string[] => {
  switch (action._tag) {
    case 'Start':
      return commandsOf(action)
    case 'Stop':
      return [...commandsOf(action), ...sentBy(action)]
    case 'Restart':
      return [...commandsOf(action.stop), ...sentBy(action.stop), ...commandsOf(action)]
    case 'Trim':
      return [...action.watch.map(({ process }) => `ends pid ${process.pid}`), ...sentBy(action)]
    case 'None':
    case 'Wait':
    case 'Finish':
    case 'Refuse':
    case 'Unreachable':
      return []
  }
}

const commandsOf = ({ launches }: Readonly<{ launches: readonly Launch[] }>): readonly string[] =>
  launches.map(({ command }) => command)

const sentBy = ({ escalation }: Extract<Action, { _tag: 'Stop' | 'Trim' }>): readonly string[] =>
  escalation.map(stage => (stage._tag === 'Signal' ? stage.name : `${stage.ms} ms`))

const seenIn = ({ _tag, evidence }: Verdict): SeenState => {
  const named = [
    ...evidence.instances.map(({ instance, copies }) => ({ name: instanceInWords(instance), copies })),
    // Its own name is from the arguments of the process, which are not kept.
    ...evidence.undeclared.map(({ instance, copies }) => ({
      name: `${instance.process} that is not declared`,
      copies,
    })),
  ]
  const copies = named.flatMap(({ name, copies }) => copies.map(copy => ({ name, copy })))
  const processes = [
    ...copies.map(({ name, copy: [leader] }) => processAs(name, leader)),
    ...evidence.starters.map(starter => processAs('start command', starter)),
  ]
  return {
    verdict: _tag,
    bootId: evidence.bootId,
    processes: [...new Map(processes.map(one => [`${one.name} ${one.pid}`, one])).values()],
    ports: evidence.ports.map(port => portAs(port, copies)),
  }
}

/** Children of a daemon come and go: what one of them holds is held by its first process. */
const portAs = (
  { wanted, open, own, strangers }: PortEvidence,
  copies: readonly Readonly<{ name: string; copy: Copy }>[],
): SeenPort => {
  const held = new Set(own.map(({ pid }) => pid))
  const holders = copies.filter(({ copy }) => copy.some(({ pid }) => held.has(pid)))
  return {
    port: showListenAddress(wanted),
    open,
    holders: [
      ...holders.map(({ name, copy: [leader] }) => processAs(name, leader)),
      ...strangers.map(stranger => processAs('a stranger', stranger)),
    ],
  }
}

/** What is only foreseen has a pid that no process can have. */
const processAs = (name: string, { pid, startTicks, startedAt }: Process): SeenProcess =>
  pid < 0 ? { name, pid: null, startTicks: null, startedAt: null } : { name, pid, startTicks, startedAt }
