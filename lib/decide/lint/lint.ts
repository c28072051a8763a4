/** Warnings about what is legal and unwise. No look is needed: they hold whatever runs. */
import type { HostService } from '../../model/catalog.js'
import { groupBy } from '../../model/group-by.js'
import type { LintWarning } from '../../model/lint.js'
import type { ExpandedPlay } from '../../model/playbook.js'
import { portWarnings } from './ports.js'
import { requirementWarnings } from './requirements.js'
import { serviceWarnings } from './services.js'
import { likenessWarnings } from './told-apart.js'

/** In the order of files and lines. Each once, whatever the number of hosts it is true of. */
export const lintPlays = (plays: readonly ExpandedPlay[]): readonly LintWarning[] => {
  const found = plays.flatMap(({ desired, prerequisites }) => {
    const services = byHost([...desired.map(({ service }) => service), ...prerequisites])
    const running = desired.filter(({ state }) => state === 'running').map(({ service }) => service)
    return [
      ...requirementWarnings(services.flat()),
      ...services.flat().flatMap(serviceWarnings),
      ...services.flatMap(likenessWarnings),
      // What a play stops may hold a port that something else of it is to have.
      ...byHost([...running, ...prerequisites]).flatMap(portWarnings),
    ]
  })
  const once = new Map(found.toReversed().map(one => [`${one.rule} ${keyOf(one)}`, one]))
  return [...once.values()].sort(byPlace)
}

const keyOf = ({ at }: LintWarning): string => `${at.file}:${at.line}:${at.column}`

const byPlace = (a: LintWarning, b: LintWarning): number =>
  a.at.file === b.at.file ? a.at.line - b.at.line || a.at.column - b.at.column : a.at.file < b.at.file ? -1 : 1

const byHost = (services: readonly HostService[]): readonly (readonly HostService[])[] => [
  ...groupBy(services, ({ host }) => host).values(),
]
