/** Requirements that reach across hosts where each host has a stack of its own. */
import type { HostService } from '../../model/catalog.js'
import { groupBy } from '../../model/group-by.js'
import type { LintWarning } from '../../model/lint.js'
import { areBeside } from '../beside.js'

/** Of services that live on the same hosts, and on several. */
export const requirementWarnings = (services: readonly HostService[]): readonly LintWarning[] => {
  const beside = areBeside(services)
  return [...groupBy(services, ({ name }) => name)].flatMap(([name, [first, ...others]]) =>
    (others.length === 0 ? [] : (first?.places.requires ?? []))
      .filter(({ value }) => beside(name, value) && beside(value, name))
      .map(
        ({ value, at }): LintWarning => ({
          rule: 'all-hosts',
          at,
          why: `${name} waits for ${value} on all its hosts: where one of them is down, ${name} is started on none`,
          instead: `say which it is: requires: { ${value}: same_host }, or { ${value}: all_hosts }`,
        }),
      ),
  )
}
