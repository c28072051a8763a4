/** What a probe printed, as one observation. */
import * as E from 'fp-ts/lib/Either.js'
import { readFrame, type Section } from '../model/frame.js'
import type { HostName } from '../model/names.js'
import type { HostText, Observation, Seen } from '../model/observation.js'
import { answersIn, logEndsIn } from './answers.js'
import { originsIn } from './origins.js'
import { waitedMs } from './port-wait.js'
import type { ProbeRequest } from './probe.js'
import { processesIn } from './process-table.js'
import { listenersIn } from './socket-table.js'
import { detached } from './text.js'
import { parseUnits } from './units.js'

/** `sentAtMs`: when it was sent for, by the clock here. The Left says why the whole answer is not believed. */
export const readObservation = (
  host: HostName,
  nonce: string,
  request: ProbeRequest,
  output: string,
  sentAtMs: number,
): E.Either<string, Observation> => {
  const frame = readFrame(nonce, output)
  if (E.isLeft(frame)) return frame
  const sections = frame.right
  const facts = factsOf(bodyOf('host', sections))
  const uid = facts.get('uid') ?? ''
  const boot = facts.get('boot')
  const files = sections.filter(({ name }) => name === 'file')
  const scripts = bodyOf('scripts', sections).split('\n')
  const users = bodyOf('users', sections).split('\n')
  const paths = bodyOf('paths', sections).split('\0')
  if (!/^\d+$/.test(uid)) return E.left('the host does not say who is logged in (id -u failed)')
  if (files.length !== request.files.length) return E.left('its answer has not the files that were asked for')
  const upSeconds = Number(facts.get('uptime') ?? Number.NaN)
  const probe = { shell: Number(facts.get('shell') ?? Number.NaN), uptime: upSeconds }
  const { processes, unsettled } = processesIn(sections, probe)
  return E.right({
    host,
    takenAtMs: sentAtMs + (request.wait === null ? 0 : waitedMs(bodyOf('wait', sections), upSeconds, request.wait)),
    login: { uid: Number(uid) },
    bootId: boot === undefined ? null : detached(boot),
    processes,
    unsettled,
    listeners: listenersIn(sections),
    users: new Map(request.users.map((user, i) => [user, uidOf(users[i])] as const)),
    paths: new Map(request.paths.map((path, i) => [path, (paths[i] || null) as HostText | null] as const)),
    files: new Map(request.files.map((path, i) => [path, linesOf(files[i])] as const)),
    scripts: new Map(request.scripts.map((path, i) => [path, scriptState(scripts[i])] as const)),
    units: parseUnits(request.scripts, bodyOf('units', sections)),
    logEnds: logEndsIn(request.logEnds, sections),
    answers: answersIn(request.questions, sections),
    origins: request.origins ? originsIn(sections) : null,
  })
}

const bodyOf = (name: string, sections: readonly Section[]): string =>
  sections.find(section => section.name === name)?.body ?? ''

const factsOf = (body: string): ReadonlyMap<string, string> =>
  new Map(body.split('\n').map(line => [line.split(' ', 1)[0] ?? '', line.slice(line.indexOf(' ') + 1)] as const))

const uidOf = (line: string | undefined): number | null => (/^\d+$/.test(line ?? '') ? Number(line) : null)

const linesOf = (section: Section | undefined): Seen<readonly HostText[]> => {
  if (section?.code === 0) {
    return { _tag: 'Seen', by: 'cat', value: section.body.replace(/\n$/, '').split('\n') as HostText[] }
  }
  return { _tag: 'Unseen', why: section?.code === 66 ? 'there is no such file on the host' : 'it cannot be read' }
}

const scriptState = (word: string | undefined): 'executable' | 'unusable' | 'missing' =>
  word === 'executable' || word === 'unusable' ? word : 'missing'
