/** Files that a run leaves behind besides its journal: each is a fold over its events. */
import { resolve } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import type { RunEvent } from '../model/event.js'
import type { InputFile } from '../model/journal.js'
import { junitXml } from '../report/junit.js'
import { printable } from '../report/printable.js'
import { replaceFile, whyNotReplaced } from './replace-file.js'
import type { Screen } from './screen.js'

export type EventFileOptions = Readonly<{ junit?: string }>

type EventFile = Readonly<{ option: string; path: string; contentOf: (events: readonly RunEvent[]) => string }>

export const eventFilesOf = ({ junit }: EventFileOptions): readonly EventFile[] =>
  junit === undefined ? [] : [{ option: '--junit', path: junit, contentOf: junitXml }]

type Named = Pick<EventFile, 'option' | 'path'>

/** The later one would take the place of the other. */
export const whyShared = (files: readonly Named[]): string | null => {
  for (const [i, { option, path }] of files.entries()) {
    const other = files.slice(0, i).find(one => resolve(one.path) === resolve(path))
    if (other !== undefined) return `${option} ${path}: it is the file of ${other.option} too`
  }
  return null
}

/** Before anything is connected to: why one of them could not be left there; null: they can. */
export const whyNotKept = (files: readonly EventFile[], inputs: readonly InputFile[]): string | null => {
  for (const { option, path } of files) {
    if (inputs.some(input => input.path === resolve(path))) return `${option} ${path}: the run is read from that file`
    const why = whyNotReplaced(path)
    if (why !== null) return `${option} ${path}: ${why}`
  }
  return null
}

/** A screen that hands on what it shows; below what hides secrets it hands on none. */
export const seenBy = (see: (event: RunEvent) => void, screen: Screen): Screen => ({
  ...screen,
  show: event => {
    see(event)
    screen.show(event)
  },
})

type Keeping = Readonly<{
  screen: Screen
  /** Once, however often it is called; what cannot be written is said. Whether all is written. */
  write: () => boolean
}>

/** Whatever the screen shows is kept, so put it below what hides secrets. */
export const keepingEvents = (screen: Screen, files: readonly EventFile[]): Keeping => {
  if (files.length === 0) return { screen, write: () => true }
  const events: RunEvent[] = []
  let isWhole: boolean | null = null
  const writeAll = (): boolean =>
    files
      .map(({ option, path, contentOf }) => {
        const written = replaceFile(path, contentOf(events))
        if (E.isLeft(written)) console.error(printable(`steward: ${option} ${path} is not written: ${written.left}`))
        return E.isRight(written)
      })
      .every(Boolean)
  return {
    screen: seenBy(event => events.push(event), screen),
    write: () => {
      isWhole ??= writeAll()
      return isWhole
    },
  }
}
