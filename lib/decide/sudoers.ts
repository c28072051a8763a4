/** Which rules of sudoers(5) let logins run what a catalog needs. */
import type { Become } from '../model/become.js'
import type { HostName } from '../model/names.js'
import type { Expansion } from '../model/playbook.js'
import type { SudoersNeeds } from '../model/sudoers.js'

/** `defaultLogin` is who logs in where the inventory names nobody. */
export const sudoersFor = ({ plays, routes, lookAs }: Expansion, defaultLogin: string): SudoersNeeds => {
  const services = plays.flatMap(({ prerequisites }) => prerequisites)
  const groups = new Map<string, { hosts: HostName[]; login: string; users: readonly string[] }>()
  const without: HostName[] = []
  const otherwise = new Set<string>()
  for (const [host, route] of routes) {
    const login = route._tag === 'Ssh' ? (route.user ?? defaultLogin) : defaultLogin
    const ofHost = services.filter(service => service.host === host).map(({ become }) => become)
    const becomes = [lookAs.get(host) ?? null, ...ofHost].filter(
      (one): one is Become => one !== null && one.user !== login,
    )
    for (const { method, user } of becomes)
      if (method !== 'sudo') otherwise.add(`${login} becomes ${user} by ${method} on ${host}`)
    const users = [...new Set(becomes.filter(({ method }) => method === 'sudo').map(({ user }) => user))].sort()
    if (users.length === 0) {
      without.push(host)
      continue
    }
    const key = [login, ...users].join('\n')
    const group = groups.get(key) ?? { hosts: [], login, users }
    group.hosts.push(host)
    groups.set(key, group)
  }
  return { rules: [...groups.values()], without, otherwise: [...otherwise] }
}
