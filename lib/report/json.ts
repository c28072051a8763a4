/** JSON for other programs: data as it is in the model, with maps as objects, and nothing that acts on a terminal. */
import { type EventLine, eventsVersion, type InputRefused, type RunEvent } from '../model/event.js'

/** A line of `--json`, without its end. */
export const eventLine = (event: RunEvent | InputRefused): string =>
  toJson({ v: eventsVersion, ...event } satisfies EventLine)

export const toJson = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) => (inner instanceof Map ? Object.fromEntries(inner) : inner)).replace(
    active,
    escaped,
  )

/** Controls, formats such as those that turn the direction of text, and what ends a line; all of it stands in strings. */
const active = /[\p{C}\p{Zl}\p{Zp}]/gu

const escaped = (character: string): string =>
  [...Array(character.length).keys()].map(i => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')
