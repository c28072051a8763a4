/** A catalog entry as it may be: drafted from what was seen of something that listens. */
import type { HostName } from './names.js'

export type Draft = Readonly<{
  name: string
  hosts: readonly HostName[]
  processes: readonly DraftProcess[]
  way: DraftWay
  /** What a person has to decide or to check. */
  guesses: readonly string[]
}>

export type DraftProcess = Readonly<{
  name: string
  args: readonly string[]
  exe: string | null
  user: string | null
  listens: readonly string[]
}>

/** How it is started and stopped. */
export type DraftWay =
  | Readonly<{ _tag: 'Unit'; unit: string }>
  | Readonly<{ _tag: 'Script'; path: string }>
  | Readonly<{ _tag: 'NotFound' }>

/** What listens and could not be drafted, in words. */
export type DraftResult = Readonly<{ drafts: readonly Draft[]; leftOut: readonly string[] }>
