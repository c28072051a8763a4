/** Files that a run leaves behind besides its journal: each is a fold over its events. */
import { resolve } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import type { RunEvent } from '../model/event.js'
import type { InputFile } from '../model/journal.js'
import { printable } from '../report/printable.js'
import { replaceFile, whyNotReplaced } from './replace-file.js'
import type { Screen } from './screen.js'

/** `path` as it was given to `option`. */
export type NamedFile = Readonly<{ option: string; path: string }>

export type EventFile = NamedFile &
  Readonly<{
    /** What it is from before the run on; null: whatever is there stays until the end. */
    first: string | null
    contentOf: (events: readonly RunEvent[]) => string | Promise<string>
    /** The same where there is no time. */
    atOnce: (events: readonly RunEvent[]) => string
  }>

/** The later one would take the place of the other. */
export const whyShared = (files: readonly NamedFile[]): string | null => {
  for (const [i, { option, path }] of files.entries()) {
    const other = files.slice(0, i).find(one => resolve(one.path) === resolve(path))
    if (other !== undefined) return `${option} ${path}: it is the file of ${other.option} too`
  }
  return null
}

/** Before anything is connected to: why one of them could not be left there; null: they can. */
export const whyNotKept = (files: readonly NamedFile[], inputs: readonly InputFile[]): string | null => {
  for (const { option, path } of files) {
    if (inputs.some(input => input.path === resolve(path))) return `${option} ${path}: the run is read from that file`
    const why = whyNotReplaced(path)
    if (why !== null) return `${option} ${path}: ${why}`
  }
  return null
}

export type Keeping = Readonly<{
  /** Writes what is there from before the run on; why not, or null. */
  begin: () => string | null
  /** Takes in what a screen shows, as it is shown; so that no secret is among it, put it below what hides them. */
  watch: (screen: Screen) => Screen
  /** Once, however often it is called; what cannot be written is said. Whether all is written. */
  write: () => Promise<boolean>
  /** What is known by now, where everything is left. */
  writeAtOnce: () => void
}>

export const keepingEvents = (files: readonly EventFile[]): Keeping => {
  const events: RunEvent[] = []
  let written: Promise<boolean> | null = null
  const put = ({ option, path }: EventFile, content: string): boolean => {
    const replaced = replaceFile(path, content)
    if (E.isLeft(replaced)) console.error(printable(`steward: ${option} ${path} is not written: ${replaced.left}`))
    return E.isRight(replaced)
  }
  const writeAll = async (): Promise<boolean> => {
    let isWhole = true
    for (const file of files) isWhole = put(file, await file.contentOf(events)) && isWhole
    return isWhole
  }
  return {
    begin: () => {
      for (const { option, path, first } of files) {
        const begun = first === null ? E.right(undefined) : replaceFile(path, first)
        if (E.isLeft(begun)) return `${option} ${path}: ${begun.left}`
      }
      return null
    },
    watch: screen => {
      if (files.length === 0) return screen
      const show = (event: RunEvent): void => {
        events.push(event)
        screen.show(event)
      }
      return { ...screen, show }
    },
    write: () => {
      written ??= writeAll()
      return written
    },
    writeAtOnce: () => {
      for (const file of files) put(file, file.atOnce(events))
    },
  }
}
