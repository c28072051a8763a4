/** How an init script is called where systemd stands between the caller and the script. */
import type { HostService } from '../model/catalog.js'
import type { HostText, ScriptUnit } from '../model/observation.js'
import type { Launch } from '../model/plan.js'
import { shellWord } from '../model/shell.js'

/**
 * A script that sources Debian's /lib/lsb/init-functions (by 40-systemd) or Red Hat's /etc/init.d/functions does not do
 * what it is told but calls `systemctl start` of the unit that was made of it. Such a unit stays `active (exited)` when
 * its processes have died (RemainAfterExit=yes), and starting what is active does nothing, for ever.
 *
 * A restart of the unit calls the script's own stop and start. The stop finds nothing to end, as nothing of the service
 * runs; systemd knows of the new processes, has them in the unit's control group and ends them when the machine goes
 * down. Started past systemd they would be in the control group of this login. `stop` and then `start` would leave
 * stopped whatever requires the unit. Whether a script hands itself over cannot be told from outside, and one that does
 * not is as well served.
 */
export const scriptStart = (script: string, unit: ScriptUnit | null): Launch =>
  unit?.active === 'active' && unit.sub === 'exited'
    ? { what: `unit ${unit.name}`, command: restartOf(unit.name), because: `systemd takes it for ${stateOf(unit)}` }
    : { what: 'script', command: `${shellWord(script)} start` }

export const restartOf = (unit: string): string => `systemctl restart ${unit}`

/**
 * The same the other way round: to stop a unit that systemd takes for inactive does nothing. Its processes were started
 * past systemd, so the script is called past it too (each family of distributions has its own variable for that).
 */
export const scriptStop = (script: string, unit: ScriptUnit | null): Launch => {
  const command = `${shellWord(script)} stop`
  return unit?.active === 'inactive' || unit?.active === 'failed'
    ? { what: 'script', command: `${pastSystemd} ${command}`, because: `systemd takes it for ${stateOf(unit)}` }
    : { what: 'script', command }
}

/** A stop by the script goes through the unit and ends it; after any other, systemd takes what has gone for active. */
export const unitAfterStop = ({ stop }: HostService, unit: ScriptUnit | null): ScriptUnit | null => {
  if (unit === null || stop.command === null) return null
  return unit.active === 'active' ? { ...unit, sub: 'exited' as HostText } : unit
}

const pastSystemd = '_SYSTEMCTL_SKIP_REDIRECT=1 SYSTEMCTL_SKIP_REDIRECT=1'

const stateOf = ({ active, sub }: ScriptUnit): string => `${active} (${sub})`
