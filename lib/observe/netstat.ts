/** `netstat` of net-tools, BusyBox, toybox, the BSDs, macOS and Solaris: which it is, its own headings tell. */
import * as E from 'fp-ts/lib/Either.js'
import type { Listener } from '../model/observation.js'
import { bsdTable } from './netstat-bsd.js'
import { linuxTable } from './netstat-linux.js'
import { isSolarisHeading, parseSolarisNetstat } from './netstat-solaris.js'
import type { NetstatTable } from './netstat-table.js'
import { excerpt, isEmpty, noSocket } from './text.js'

/** The TCP sockets that listen. The Left says why the table does not tell them for certain. */
export const parseNetstat = (text: string): E.Either<string, readonly Listener[]> => {
  const lines = text.split('\n').filter(line => !isEmpty(line) && !isNote(line))
  if (lines[0] === undefined) return E.left('netstat printed nothing')
  return isSolarisHeading(lines[0]) ? parseSolarisNetstat(lines) : parseSections(lines)
}

/** What net-tools says to a plain user before it begins. */
const isNote = (line: string): boolean =>
  /^\((Not all processes could be identified|No info could be read for "-p": geteuid\(\)=\d+ but)/.test(line) ||
  line === ' will not be shown, you would have to be root to see it all.)'

type Section = 'internet' | 'other' | 'unix'

const parseSections = (lines: readonly string[]): E.Either<string, readonly Listener[]> => {
  const listeners: Listener[] = []
  const tables: NetstatTable[] = []
  let section: Section | null = null
  let table: NetstatTable | null = null
  for (const line of lines) {
    const heading = sectionOf(line)
    // A socket's path may hold newlines: behind UNIX sockets nothing is believed to be TCP, and no netstat goes on so.
    if (section === 'unix' && (heading === 'internet' || line.startsWith('tcp')))
      return E.left(noSocket('netstat', line))
    if (section === 'unix') continue
    if (heading === 'internet' && !showsListeners(line)) {
      return E.left(`netstat does not show what listens, so it has to be run with -a or -l: ${excerpt(line)}`)
    }
    if (heading !== null) {
      section = heading
      table = null
    } else if (section === null) {
      return E.left(noSocket('netstat', line))
    } else if (section === 'internet' && table === null) {
      table = linuxTable(line) ?? bsdTable(line)
      if (table === null) return E.left(`netstat printed a header that is not known: ${excerpt(line)}`)
      tables.push(table)
    } else if (table !== null) {
      const row = table.read(line)
      if (E.isLeft(row)) return row
      if (row.right !== null) listeners.push(row.right)
    }
  }
  const doubt = tables.map(one => one.doubt()).find(reason => reason !== null)
  if (doubt !== undefined && doubt !== null) return E.left(doubt)
  return tables.length > 0
    ? E.right(listeners)
    : E.left(`netstat shows no Internet sockets: ${excerpt(lines[0] ?? '')}`)
}

/** Each heading whole: a process's name is too short to hold one. */
const sectionOf = (line: string): Section | null => {
  if (/^Active Internet6? connections(?: \([^()]*\))?$/.test(line)) return 'internet'
  if (/^Active (?:UNIX|LOCAL \(UNIX\)) domain sockets(?: \([^()]*\))?$/.test(line)) return 'unix'
  return /^Active (?:SCTP associations|Multipath Internet connections)(?: \([^()]*\))?$/.test(line) ? 'other' : null
}

const showsListeners = (heading: string): boolean =>
  /\((?:including servers|only servers|servers and established)\)$/.test(heading)
