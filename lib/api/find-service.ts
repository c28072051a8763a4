/** One service on one host, by its name. */
import * as E from 'fp-ts/lib/Either.js'
import type { HostService } from '../model/catalog.js'
import { stepId } from '../model/plan.js'
import type { Expansion } from '../model/playbook.js'
import type { InputProblems } from '../model/problem.js'

/** `SERVICE@HOST` */
export const findService = (text: string, expansion: Expansion): E.Either<InputProblems, HostService> => {
  const services = expansion.plays.flatMap(({ prerequisites }) => prerequisites)
  const found = services.find(service => stepId(service) === text)
  if (found !== undefined) return E.right(found)
  const known = services.map(stepId)
  return E.left([{ _tag: 'UnknownService', at: null, service: text, known }])
}
