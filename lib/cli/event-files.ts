/** `--junit` and `--report`: which files a run is to leave behind. */
import type { RunOptions } from '../model/journal.js'
import { junitXml } from '../report/junit.js'
import type { EventFile, NamedFile } from './keep-events.js'
import { reportFile } from './report-file.js'

export type EventFileOptions = Readonly<{ junit?: string; report?: string }>

export const filesNamed = ({ junit, report }: EventFileOptions): readonly NamedFile[] => [
  ...(junit === undefined ? [] : [{ option: '--junit', path: junit }]),
  ...(report === undefined ? [] : [{ option: '--report', path: report }]),
]

/** `again`: how the run is made, without secrets. */
export const eventFilesOf = (
  { junit, report }: EventFileOptions,
  again: RunOptions,
  version: string,
): readonly EventFile[] => [
  ...(junit === undefined ? [] : [junitFile(junit)]),
  ...(report === undefined ? [] : [reportFile(report, again, version)]),
]

const junitFile = (path: string): EventFile => ({
  option: '--junit',
  path,
  first: null,
  contentOf: junitXml,
  atOnce: junitXml,
})
