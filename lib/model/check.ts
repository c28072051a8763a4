/** What `steward check` finds of a host, subject by subject. */
import type { HostName } from './names.js'

/** In the order in which they are tried: what stands behind one that failed is not known. */
export const subjects = ['reach', 'host key', 'login', 'shell', 'tools', 'become', 'clock', 'lock'] as const
export type Subject = (typeof subjects)[number]

export type Finding =
  | Readonly<{ _tag: 'Good' }>
  /** Nothing there needs it, or something before it failed. */
  | Readonly<{ _tag: 'NotTried' }>
  | Readonly<{ _tag: 'Bad'; faults: readonly Fault[] }>

/** `fix` says what to do about it. */
export type Fault = Readonly<{ what: string; fix: string }>

export type HostCheck = Readonly<{ host: HostName; findings: Readonly<Record<Subject, Finding>> }>

/** It could not be got to at all: nothing else is known of it. */
export const isUnreached = ({ findings }: HostCheck): boolean =>
  (['reach', 'host key', 'login'] as const).some(subject => findings[subject]._tag === 'Bad')

export const isSound = ({ findings }: HostCheck): boolean => Object.values(findings).every(({ _tag }) => _tag !== 'Bad')

/** `proc`: one that grep can read. `ls`: one with -b. `tmp`: a folder for what a command prints; `place`: one for the lock. */
export const tools = ['proc', 'ps', 'grep', 'ls', 'ss', 'netstat', 'readlink', 'tmp', 'place'] as const
export type Tool = (typeof tools)[number]
