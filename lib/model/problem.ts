/** What can be wrong with what the user gave us; found before the first connection, all at once. */
import type { ReadonlyNonEmptyArray } from 'fp-ts/lib/ReadonlyNonEmptyArray.js'
import type { SourcePos } from './place.js'

export type InputProblem =
  | Readonly<{ _tag: 'UnreadableFile'; path: string; reason: string; at: SourcePos | null }>
  | Readonly<{ _tag: 'BadYaml'; at: SourcePos; reason: string }>
  | Readonly<{ _tag: 'BadConfig'; at: SourcePos; reason: string }>
  /** Of Ansible's, and without a counterpart here. */
  | Readonly<{ _tag: 'Unsupported'; at: SourcePos; reason: string }>
  /** A setting of Ansible's that is left out of account. */
  | Readonly<{ _tag: 'NotHonoured'; at: SourcePos; key: string; why: string }>
  | Readonly<{ _tag: 'DuplicateKey'; at: SourcePos; key: string; first: SourcePos }>
  | Readonly<{ _tag: 'UnknownKey'; at: SourcePos; key: string; known: readonly string[] }>
  /** Any of `keys` will do. */
  | Readonly<{ _tag: 'MissingKey'; at: SourcePos; keys: readonly string[]; of: string }>
  | Readonly<{ _tag: 'WrongType'; at: SourcePos; expected: string; found: string }>
  | Readonly<{ _tag: 'BadTemplate'; at: SourcePos; reason: string }>
  | Readonly<{ _tag: 'UndefinedVariable'; at: SourcePos; variable: string; host: string; known: readonly string[] }>
  | Readonly<{ _tag: 'BadValue'; at: SourcePos; expected: string; found: string; host: string }>
  | Readonly<{ _tag: 'UnknownHost'; at: SourcePos | null; pattern: string; known: readonly string[] }>
  /** A pattern picks the host at `index` of `count`. */
  | Readonly<{ _tag: 'NoSuchHost'; at: SourcePos | null; pattern: string; index: number; count: number }>
  /** `by` is the section of an inventory that names it. */
  | Readonly<{ _tag: 'UnknownGroup'; at: SourcePos; group: string; by: string; known: readonly string[] }>
  | Readonly<{ _tag: 'UnknownService'; at: SourcePos | null; service: string; known: readonly string[] }>
  | Readonly<{ _tag: 'UnknownWord'; at: SourcePos; what: string; word: string; known: readonly string[] }>
  | Readonly<{ _tag: 'DuplicateService'; at: SourcePos; service: string; first: SourcePos }>
  | Readonly<{ _tag: 'Nowhere'; at: SourcePos; service: string; pattern: string }>
  | Readonly<{
      _tag: 'DependencyCycle'
      at: SourcePos
      of: 'services' | 'groups' | 'variables' | 'processes' | 'catalogs'
      cycle: readonly string[]
    }>
  /** A service that should run requires one that the same play stops. */
  | Readonly<{ _tag: 'Contradiction'; at: SourcePos; service: string; requires: string }>
  /** What is required on the same host does not live there; `pattern` is where it does. */
  | Readonly<{
      _tag: 'NotBeside'
      at: SourcePos
      service: string
      requires: string
      hosts: readonly string[]
      pattern: string
    }>
  /** What a batch waits for is left to a later one, so it would wait for ever. `beside`: is what is required on each host of what requires it? */
  | Readonly<{
      _tag: 'BatchOrder'
      at: SourcePos
      waits: BatchPlace
      for: BatchPlace
      state: 'running' | 'stopped'
      beside: boolean
    }>
  /** Two hosts of one service are reached in the same way, so they are one machine. */
  | Readonly<{ _tag: 'SameMachine'; at: SourcePos; service: string; host: string; other: string }>
  | Readonly<{ _tag: 'BadUsage'; reason: string }>

/** A service on a host, and the batch of it. */
export type BatchPlace = Readonly<{ service: string; host: string; batch: number }>

/** Nothing to stop for, but not what whoever wrote it may think. */
export type InputWarning = Readonly<{ at: SourcePos; what: string }>

export type InputProblems = ReadonlyNonEmptyArray<InputProblem>

/** Each mistake once: one in a catalog is met in every play that reads it and on every host of its service. */
export const distinct = <Problems extends readonly InputProblem[]>(problems: Problems): Problems => {
  const seen = new Set<string>()
  const kept = problems.filter(problem => {
    const key = JSON.stringify({ ...problem, host: null, known: null })
    const fresh = !seen.has(key)
    seen.add(key)
    return fresh
  })
  // The first is always kept, so what was not empty is not empty now.
  return kept as readonly InputProblem[] as Problems
}
