/** Processes that the declaration of others fits too: only a part of an argument, or none, tells them apart. */
import type { HostProcess, HostService, Instance } from '../../model/catalog.js'
import type { LintWarning } from '../../model/lint.js'
import type { Observation } from '../../model/observation.js'
import { asDeclared } from '../as-declared.js'
import { instanceOf } from '../instances.js'
import { matchInstances } from '../match.js'
import { fitOf, type Names } from '../recognise.js'
import { ProcessTable } from '../table.js'

/**
 * `services`: those of one host. A process that is declared is matched, as it would be seen, against every other
 * declaration by the code that judges looks, so what is warned of is what would be.
 */
export const likenessWarnings = (services: readonly HostService[]): readonly LintWarning[] => {
  const declared = services.flatMap(service => service.processes.map(process => declaredOf(service, process)))
  const names = namesOf(declared)
  return declared.flatMap(one => {
    const taken = declared.find(other => other !== one && takesIn(one, other, names))
    return [...(taken === undefined ? [] : [warningOn(one, taken)]), ...twinsOf(one)]
  })
}

type Declared = Readonly<{ service: HostService; process: HostProcess; instance: Instance }>

/** What a line would say is not known: it is taken for a word that nothing else declares. */
const declaredOf = (service: HostService, process: HostProcess): Declared => {
  const words = new Map((process.each?.as ?? []).map(variable => [variable, `<${variable}>`]))
  return { service, process, instance: instanceOf(process, process.name, words) }
}

const takesIn = (one: Declared, other: Declared, names: Names): boolean => {
  const process = asDeclared(other.instance, { pid: 1, ppid: 0, users: names.users })
  if (one.service !== other.service)
    return one.instance.parent === null && fitOf(process, one.instance, names) === 'yes'
  // Within a service the declaration that says more has the process.
  const matches = matchInstances([one.instance, other.instance], new ProcessTable([process]), names)
  return (matches.get(one.instance)?.running.length ?? 0) > 0
}

/** Numbers that no user has, so that equal names are one user and others are not. */
const namesOf = (declared: readonly Declared[]): Names => {
  const users = declared.flatMap(({ instance }) => (instance.user === null ? [] : [instance.user]))
  const named = [...new Set(users)].filter(user => !/^\d+$/.test(user))
  return { users: new Map(named.map((user, i) => [user, 2 ** 32 + i])), paths: new Map() } as Pick<
    Observation,
    'users' | 'paths'
  >
}

const warningOn = (one: Declared, { service, process }: Declared): LintWarning => {
  const isOwn = one.service === service
  const other = isOwn ? process.name : `${service.name}'s ${process.name}`
  return {
    rule: 'told-apart',
    at: one.process.at,
    why: `on ${one.service.host} what is declared of ${one.process.name} fits ${other} too, so that one may be counted, and stopped, as the other`,
    instead: 'give it args, an exe, a cwd or a user that only its own processes have',
  }
}

/** One instance for each line, and nothing of the line to know it by. */
const twinsOf = ({ process }: Declared): readonly LintWarning[] => {
  const { each, args, globs, patterns, exe, cwd } = process
  if (each === null) return []
  const parts = [...args, ...globs, ...patterns, exe, cwd].flatMap(template => template?.parts ?? [])
  if (parts.some(part => typeof part !== 'string')) return []
  const [first = 'name'] = each.as
  return [
    {
      rule: 'told-apart',
      at: process.at,
      why: `nothing of a line tells one instance of ${process.name} from another, so that two lines are one and the same process`,
      instead: `put a word of the line among its args, such as "{{ ${first} }}"`,
    },
  ]
}
