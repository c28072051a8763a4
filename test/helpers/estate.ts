/** A small estate on simulated hosts, read from the same texts that a user writes. */
import * as E from 'fp-ts/lib/Either.js'
import { expandPlaybook } from '../../lib/decide/expand.js'
import type { RunFact } from '../../lib/model/event.js'
import type { ExitCode } from '../../lib/model/exit-code.js'
import type { Plan } from '../../lib/model/plan.js'
import type { Expansion } from '../../lib/model/playbook.js'
import type { Files } from '../../lib/read/files.js'
import { readInventory } from '../../lib/read/inventory.js'
import { readPlaybook } from '../../lib/read/playbook.js'
import type { AskFromHere } from '../../lib/remote/check.js'
import { type SimulatedHost, simulatedHost } from '../../lib/remote/simulated/host.js'
import { simulatedTransport } from '../../lib/remote/simulated.js'
import { problemLines } from '../../lib/report/problems.js'
import { planRun, runPlaybook } from '../../lib/run/run.js'
import type { RunContext } from '../../lib/run/run-context.js'
import { virtualClock } from './virtual-clock.js'

export type Estate = Readonly<{
  hosts: Readonly<Record<string, SimulatedHost>>
  /** Runs a playbook; the events are there when it has ended. */
  run: (
    playbook: string,
    options?: Partial<Pick<RunContext, 'signal' | 'forks' | 'goOn' | 'stepwise' | 'rollback' | 'held' | 'journal'>> & {
      onFact?: (fact: RunFact) => void
    },
  ) => Promise<Ended>
  plan: (playbook: string) => Promise<Plan>
  expand: (playbook: string) => Expansion
}>

export type Ended = Readonly<{ exitCode: ExitCode; facts: readonly RunFact[] }>

/** `catalog` and the playbooks are YAML; each host of `inventory` (also YAML) becomes a simulated one. */
export const estate = (catalog: string, inventory: string, askFromHere: AskFromHere = unasked): Estate => {
  const clock = virtualClock()
  const expand = (playbook: string): Expansion => {
    const files = memoryFiles({ 'catalog.yml': catalog, 'hosts.yml': inventory, 'play.yml': playbook })
    const book = right(readInventory(files, 'hosts.yml', '/shipped'))
    return right(expandPlaybook(right(readPlaybook(files, 'play.yml')), book, null))
  }
  const names = [...right(readInventory(memoryFiles({ 'hosts.yml': inventory }), 'hosts.yml', '/shipped')).hosts.keys()]
  const hosts = Object.fromEntries(names.map(name => [name, simulatedHost(name, clock)]))
  const transport = simulatedTransport(Object.values(hosts))
  return {
    hosts,
    expand,
    plan: playbook => planRun(expand(playbook), { transport, clock, forks: 50, emit: () => {} }),
    run: async (playbook, { onFact, ...given } = {}) => {
      const facts: RunFact[] = []
      const emit = (fact: RunFact): void => {
        facts.push(fact)
        onFact?.(fact)
      }
      const context = { transport, clock, forks: 50, emit, askFromHere, ...given }
      return { exitCode: await runPlaybook(expand(playbook), 'play.yml', context), facts }
    },
  }
}

const unasked: AskFromHere = async () => ({ _tag: 'No', why: 'nothing is asked from here' })

export const memoryFiles = (texts: Readonly<Record<string, string>>): Files => ({
  read: path => {
    const text = texts[path]
    return text === undefined ? E.left('there is no such file') : E.right(text)
  },
  yamlFilesIn: () => Object.keys(texts),
  beside: (_from, path) => path,
  folderOf: () => '/memory',
  absolute: path => `/memory/${path}`,
  kindOf: path => (Object.hasOwn(texts, path) ? 'file' : null),
  namesIn: () => [],
  isProgram: () => false,
})

const right = <A>(result: E.Either<Parameters<typeof problemLines>[0], A>): A => {
  if (E.isRight(result)) return result.right
  throw new Error(problemLines(result.left).join('\n'))
}
