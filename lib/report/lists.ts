/** What a playbook is about, without a look at any host: `--list-hosts`, `--list-steps`, `--list-tags`. */
import { stepId } from '../model/plan.js'
import type { Expansion } from '../model/playbook.js'
import { requirementsInWords } from '../model/words.js'
import { printable } from './printable.js'

export type Listing = Readonly<{ hosts: boolean; steps: boolean; tags: boolean }>

type ListedPlay = Readonly<{
  name: string
  hosts?: readonly string[]
  steps?: readonly Readonly<{ id: string; desired: string; requires: readonly string[] }>[]
  tags?: readonly string[]
}>

export const listPlays = ({ plays }: Expansion, wanted: Listing): readonly ListedPlay[] =>
  plays.map(({ name, desired }) => ({
    name,
    ...(wanted.hosts ? { hosts: distinct(desired.map(({ service }) => service.host)) } : {}),
    ...(wanted.steps
      ? {
          steps: desired.map(({ service, state }) => ({
            id: stepId(service),
            desired: state,
            requires: requirementsInWords(service),
          })),
        }
      : {}),
    ...(wanted.tags ? { tags: distinct(desired.flatMap(({ tags }) => tags ?? [])).sort() } : {}),
  }))

export const listLines = (plays: readonly ListedPlay[]): readonly string[] =>
  plays.flatMap(({ name, hosts, steps, tags }) => [
    printable(`PLAY [${name}]`),
    ...(hosts === undefined ? [] : [`  hosts (${hosts.length}): ${hosts.join(', ')}`]),
    ...(steps ?? []).map(
      ({ id, desired, requires }) =>
        `  ${id}: ${desired}${requires.length > 0 && desired === 'running' ? `, after ${requires.join(', ')}` : ''}`,
    ),
    ...(tags === undefined ? [] : [printable(`  tags: ${tags.length === 0 ? 'none' : tags.join(', ')}`)]),
  ])

const distinct = (words: readonly string[]): string[] => [...new Set(words)]
