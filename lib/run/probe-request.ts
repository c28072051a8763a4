/** What a look at a host has to bring, for the services that are judged by it. */
import type { HostProcess, HostService } from '../model/catalog.js'
import type { DesiredService } from '../model/playbook.js'
import type { LineTemplate } from '../model/template.js'
import type { ProbeRequest } from '../observe/probe.js'

/** Whatever is to be stopped may have to be signalled, and is then proved by the file it runs too. */
export const requestFor = (desired: readonly DesiredService[], looked: readonly HostService[]): ProbeRequest => {
  const services = [...desired.map(({ service }) => service), ...looked]
  const processes = services.flatMap(service => service.processes)
  const stops = desired.some(
    ({ state, startedAfterMs, service }) =>
      state === 'stopped' || startedAfterMs !== null || service.onHung !== 'fail' || service.onDuplicate !== 'fail',
  )
  return {
    files: distinct(processes.flatMap(({ each }) => each?.linesOf ?? [])),
    scripts: distinct(services.flatMap(({ scripts }) => scripts)),
    users: distinct(processes.flatMap(({ user }) => whole(user))).filter(user => !/^\d+$/.test(user)),
    paths: distinct(processes.flatMap(({ exe, cwd }) => [...whole(exe), ...whole(cwd)])),
    // A log is searched, and shown with a failure, from where it ended right before the act.
    logEnds: distinct(desired.flatMap(({ service }) => logsOf(service))),
    questions: [],
    origins: false,
    wait: null,
    links: stops || processes.some(showsLinks),
  }
}

const logsOf = ({ ready, logs }: HostService): readonly string[] => [
  ...logs,
  ...ready.checks.flatMap(check => (check._tag === 'Log' ? [check.file] : [])),
]

const showsLinks = ({ exe, cwd }: HostProcess): boolean => exe !== null || cwd !== null

/** The text of a template in which nothing is left to fill in: what the lines of an `each` add is not known yet. */
const whole = (template: LineTemplate | null): readonly string[] => {
  const parts = template?.parts ?? []
  return parts.length > 0 && parts.every(part => typeof part === 'string') ? [parts.join('')] : []
}

const distinct = (texts: readonly string[]): readonly string[] => (texts.length < 2 ? texts : [...new Set(texts)])
