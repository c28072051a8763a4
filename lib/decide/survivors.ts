/** Stops that leave nothing running: what is declared to survive a stop is ended too. */
import type { HostService } from '../model/catalog.js'
import type { Expansion } from '../model/playbook.js'

/** Only services that are to be stopped: a restart leaves its survivors alone. */
export const withoutSurvivors = (expansion: Expansion): Expansion => ({
  ...expansion,
  plays: expansion.plays.map(play => ({
    ...play,
    desired: play.desired.map(one => (one.state === 'stopped' ? { ...one, service: mortal(one.service) } : one)),
  })),
})

const mortal = (service: HostService): HostService => ({
  ...service,
  processes: service.processes.map(process => ({ ...process, onStop: 'stop' })),
})
