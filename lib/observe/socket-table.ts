/** Who listens where, by the first tool of the host's that could tell. */
import * as E from 'fp-ts/lib/Either.js'
import type { Section } from '../model/frame.js'
import type { Listener, Observation } from '../model/observation.js'
import { parseNetstat } from './netstat.js'
import { joinOwners, parseNetTcp, parseSocketOwners } from './proc-sockets.js'
import { parseSockstat } from './sockstat.js'
import { parseSs } from './ss.js'

export const listenersIn = (sections: readonly Section[]): Observation['listeners'] => {
  const attempts = sections.filter(({ name }) => name === 'sockets')
  const failed: string[] = []
  for (const { tool, code, body } of attempts) {
    const read = code === 0 ? readTable(tool, sections, body) : E.left(`${nameOf(tool)} ended with ${code}`)
    if (E.isRight(read)) return { _tag: 'Seen', by: nameOf(tool), value: read.right }
    failed.push(read.left)
  }
  const why = attempts.length === 0 ? 'the host has neither ss nor netstat nor /proc/net/tcp' : failed.join(', ')
  return { _tag: 'Unseen', why }
}

const nameOf = (tool: string): string => (tool === 'proc' ? '/proc/net/tcp' : tool)

/** Where nothing listens there is a header all the same: a tool that prints nothing has not looked. */
const readTable = (tool: string, sections: readonly Section[], body: string): ReturnType<Reader> =>
  body.trim() === '' ? E.left(`${nameOf(tool)} printed nothing`) : reader(tool, sections)(body)

type Reader = (text: string) => E.Either<string, readonly Listener[]>

const reader = (tool: string, sections: readonly Section[]): Reader => {
  switch (tool) {
    case 'ss':
      return parseSs
    case 'sockstat':
      return parseSockstat
    case 'proc':
      return text =>
        E.map(joinOwnersFrom(sections.find(({ name }) => name === 'owners')?.body ?? ''))(parseNetTcp(text))
    default:
      return parseNetstat
  }
}

const joinOwnersFrom =
  (listing: string) =>
  (sockets: Parameters<typeof joinOwners>[0]): readonly Listener[] =>
    joinOwners(sockets, parseSocketOwners(listing))
