/** A look in a file: one line that says what was asked of whom and when, and the host's answer as it came. */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { HostName } from '../model/names.js'
import type { Observation } from '../model/observation.js'
import { readObservation } from './observation.js'
import type { ProbeRequest } from './probe.js'

export type SavedLook = Readonly<{
  host: HostName
  /** By the controller's clock, in milliseconds since 1970. */
  takenAtMs: number
  nonce: string
  request: ProbeRequest
  output: string
}>

const mark = 'steward-look 1 '

export const writeSavedLook = ({ output, ...header }: SavedLook): string =>
  `${mark}${JSON.stringify(header)}\n${output}`

/** The Left says why it cannot be judged. */
export const readSavedLook = (text: string): E.Either<string, Observation> => {
  const end = text.indexOf('\n')
  const header = text.startsWith(mark) && end > 0 ? headerOf(text.slice(mark.length, end)) : null
  if (header === null)
    return E.left('it does not begin as what `steward probe` prints; is it whole, and as it was printed?')
  const { host, nonce, takenAtMs } = header
  const request = { ...header.request, logEnds: [], questions: [], wait: null }
  return readObservation(host, nonce, request, text.slice(end), takenAtMs)
}

const texts = t.readonlyArray(t.string)
const headerCodec = t.type({
  host: HostName,
  takenAtMs: t.number,
  nonce: t.string,
  request: t.type({ files: texts, scripts: texts, users: texts, paths: texts, links: t.boolean, origins: t.boolean }),
})

const headerOf = (json: string): t.TypeOf<typeof headerCodec> | null => {
  try {
    const decoded = headerCodec.decode(JSON.parse(json))
    return E.isRight(decoded) && /^[0-9a-f]{32}$/.test(decoded.right.nonce) ? decoded.right : null
  } catch {
    return null
  }
}
