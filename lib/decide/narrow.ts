/** A limit, narrowed to hosts by their names. */
import * as E from 'fp-ts/lib/Either.js'
import type { HostPattern, Inventory } from '../model/inventory.js'
import type { HostName } from '../model/names.js'
import type { InputProblems } from '../model/problem.js'
import { findHost, hostsMatching } from './hosts.js'

/** Of the limit's hosts, those that are in `only` too: hosts by their names. */
export const narrow = (
  limit: HostPattern | null,
  only: readonly string[] | undefined,
  inventory: Inventory,
): E.Either<InputProblems, HostPattern | null> => {
  if (only === undefined) return E.right(limit)
  const unknown = only.filter(name => findHost(name as HostName, inventory) === undefined)
  if (unknown.length > 0) return usage(`--retry: ${inventory.file} has no host ${unknown.join(', ')} any more`)
  const limited = limit === null ? E.right(only) : hostsMatching(limit, inventory)
  // What is wrong with the limit is found where it is expanded.
  if (E.isLeft(limited)) return E.right(limit)
  const hosts = only.filter(name => limited.right.some(host => host === name))
  if (hosts.length === 0) return usage(`the limit ${limit?.text} leaves none of the hosts to retry: ${only.join(', ')}`)
  const terms = hosts.map(
    glob => ({ kind: 'union', glob, isGlob: false, isRegex: false, slice: null, at: null }) as const,
  )
  return E.right({ text: hosts.join(','), terms, at: null })
}

const usage = (reason: string): E.Either<InputProblems, never> => E.left([{ _tag: 'BadUsage', reason }])
