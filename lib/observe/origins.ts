/** Where processes come from: their systemd units, the host's init scripts, and the names of its users. */
import type { Section } from '../model/frame.js'
import type { HostText, Origins } from '../model/observation.js'

export const originsIn = (sections: readonly Section[]): Origins => {
  const body = (name: string) => sections.find(section => section.name === name)?.body ?? ''
  return {
    units: unitsIn(body('cgroups')),
    initScripts: body('initscripts').split('\0').filter(Boolean) as HostText[],
    userNames: userNamesIn(body('passwd')),
  }
}

/**
 * `/proc/7/cgroup:0::/system.slice/tomcat.service` (cgroups(7)); under version 1 the line of `name=systemd`. What
 * systemd keeps for logins and users is no service of the host's.
 */
const unitsIn = (text: string): ReadonlyMap<number, HostText> => {
  const units = new Map<number, HostText>()
  for (const line of text.split('\n')) {
    const match = /^\/proc\/(\d+)\/cgroup:\d+:(?:name=systemd)?:(\/\S*)$/.exec(line)
    const path = match?.[2] ?? ''
    const unit = /^\/system\.slice\/(?:[^/]+\.slice\/)*([A-Za-z0-9:_.@\\-]+\.service)(?:\/|$)/.exec(path)?.[1]
    if (unit !== undefined) units.set(Number(match?.[1]), unit as HostText)
  }
  return units
}

/** `name:password:uid:…` (passwd(5)); of several names for one number the first, as `ps` takes it. */
const userNamesIn = (text: string): ReadonlyMap<number, HostText> => {
  const names = new Map<number, HostText>()
  for (const line of text.split('\n')) {
    const [name = '', , uid = ''] = line.split(':')
    if (name !== '' && /^\d+$/.test(uid) && !names.has(Number(uid))) names.set(Number(uid), name as HostText)
  }
  return names
}
