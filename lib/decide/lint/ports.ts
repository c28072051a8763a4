/** Ports that two processes of one host are declared to listen on: whichever comes second finds it taken. */
import type { HostProcess, HostService } from '../../model/catalog.js'
import type { LintWarning } from '../../model/lint.js'
import { type ListenAddress, showListenAddress } from '../../model/listen-address.js'

/** `services`: those of one host that would run at the same time. */
export const portWarnings = (services: readonly HostService[]): readonly LintWarning[] => {
  const declared = services.flatMap(service =>
    service.processes.flatMap(process => process.listens.map(listen => ({ service, process, listen }))),
  )
  return declared.flatMap((later, i) => {
    const earlier = declared
      .slice(0, i)
      .find(
        one =>
          overlap(one.listen, later.listen) && !(one.service === later.service && share(one.process, later.process)),
      )
    return [...(earlier === undefined ? [] : [warningOn(later, earlier)]), ...portOfEach(later)]
  })
}

type Declared = Readonly<{ service: HostService; process: HostProcess; listen: ListenAddress }>

/** A port without an address is one on whichever address, so it is in the way of every other. */
const overlap = (one: ListenAddress, other: ListenAddress): boolean =>
  one.port === other.port && (one.address === null || other.address === null || one.address === other.address)

/** A child may have its parent's socket. */
const share = (one: HostProcess, other: HostProcess): boolean =>
  one === other || one.parent === other.name || other.parent === one.name

const warningOn = ({ service, process, listen }: Declared, earlier: Declared): LintWarning => ({
  rule: 'port-twice',
  at: process.at,
  why: `on ${service.host} port ${showListenAddress(listen)} is declared of ${earlier.service.name}'s ${earlier.process.name} too, at line ${earlier.process.at.line}: where both should run, one cannot`,
  instead: 'give each a port of its own, or an address of its own in front of it',
})

const portOfEach = ({ process, listen }: Declared): readonly LintWarning[] =>
  process.each === null
    ? []
    : [
        {
          rule: 'port-twice',
          at: process.at,
          why: `every instance of ${process.name} is declared to listen on port ${showListenAddress(listen)}, which only one can`,
          instead: 'leave listens out of a process that has an each',
        },
      ]
