/** What must not be seen of what the inventory says. */
import { type Expansion, servicesOf } from '../model/playbook.js'
import type { Secret } from '../model/secret.js'

/** The passwords for logging in and for becoming somebody. */
export const secretsIn = ({ plays, routes, lookAs }: Expansion): readonly Secret[] => {
  const becomes = [...lookAs.values(), ...plays.flatMap(servicesOf).map(({ become }) => become)]
  const ofRoutes = [...routes.values()].flatMap(route => (route._tag === 'Ssh' ? (route.password ?? []) : []))
  return [...ofRoutes, ...becomes.flatMap(become => become?.password ?? [])]
}
