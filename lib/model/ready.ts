/** When a started service is ready, besides running: checks that are declared, and how they are asked. */
import { type ListenAddress, showListenAddress } from './listen-address.js'
import type { Template } from './template.js'

/** `withinMs`: from the start to ready. `stableMs`: how long it must then stay so. */
export type ReadyRules<Check> = Readonly<{ withinMs: number; stableMs: number; checks: readonly Check[] }>

/** Who asks: the host of the service, or the machine that steward runs on. */
export type Asker = 'host' | 'controller'

/** `Place` is where a port is; it may hold variables as long as they are not filled in. */
type CheckOf<Text, Place> =
  /** Answers with one of these statuses and a body that holds this text; a redirect is an answer like any other. */
  | Readonly<{ _tag: 'Http'; url: Text; status: readonly number[]; body: Text | null; verify: boolean; from: Asker }>
  /** Can be connected to. */
  | Readonly<{ _tag: 'Tcp'; place: Place; from: Asker }>
  /** The file has a line with this text that was written since the start. */
  | Readonly<{ _tag: 'Log'; file: Text; line: Text }>
  /** Ends with 0 on the host, and changes nothing there. */
  | Readonly<{ _tag: 'Command'; command: Text }>

export type WrittenCheck = CheckOf<Template, Template>
export type Check = CheckOf<string, ListenAddress>

export type HttpCheck = Extract<Check, { _tag: 'Http' }>
export type TcpCheck = Extract<Check, { _tag: 'Tcp' }>
export type LogCheck = Extract<Check, { _tag: 'Log' }>

/** Where a file ended at one moment: its inode, its bytes, and a sum of the last of them (empty where there is none). */
export type LogEnd = Readonly<{ inode: string; bytes: number; sum: string }>

/** Of each file: where it ended; null where there was none. */
export type LogEnds = ReadonlyMap<string, LogEnd | null>

/** A check as it is asked; `since` is for a log: only what comes after it counts. */
export type Question = Readonly<{ check: Check; since: LogEnd | null }>

/** After this time a check that has not answered is one that says no. */
export const checkSeconds = 10

/** The most that is read of what answers. */
export const checkBytes = 65_536

export const checkInWords = (check: Check): string => {
  switch (check._tag) {
    case 'Http':
      return `http ${check.url} from the ${check.from}`
    case 'Tcp':
      return `tcp ${showListenAddress(check.place)} from the ${check.from}`
    case 'Log':
      return `log ${check.file}`
    case 'Command':
      return `command ${check.command}`
  }
}
