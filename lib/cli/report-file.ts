/** `--report FILE`: a run as a page, beside what the screen shows. */
import { resolve } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import type { RunEvent } from '../model/event.js'
import type { InputFile, RunOptions } from '../model/journal.js'
import { dotOf } from '../report/dot.js'
import { reportOf } from '../report/html/fold.js'
import { graphOf } from '../report/html/graph.js'
import { type Drawing, pageOf } from '../report/html/page.js'
import type { About } from '../report/html/summary.js'
import { printable } from '../report/printable.js'
import { svgOf } from '../report/svg.js'
import { seenBy } from './keep-events.js'
import { replaceFile } from './replace-file.js'
import type { Screen } from './screen.js'

export type ReportFile = Readonly<{
  /** Takes in what a screen shows, as it is shown. */
  watch: (screen: Screen) => Screen
  /** What is known by now, without the graph: where everything is left at once. */
  writeAtOnce: () => void
  write: () => Promise<void>
}>

/** A page is there from the beginning, so that no run is begun whose page cannot be written. The Left says why not. */
export const openReportFile = (
  path: string,
  inputs: readonly InputFile[],
  again: RunOptions,
  version: string,
): E.Either<string, ReportFile> => {
  if (inputs.some(input => input.path === resolve(path)))
    return E.left(`--report ${path}: the run is made from that file`)
  const about = aboutOf(again, version)
  const events: RunEvent[] = []
  const put = (drawing: Drawing): E.Either<string, void> => replaceFile(path, pageOf(reportOf(events), about, drawing))
  const tell = (written: E.Either<string, void>): void => {
    if (E.isLeft(written)) console.error(printable(`steward: ${cannot(path, written.left)}`))
  }
  const first = put(notDrawn('the run has not come to its end'))
  if (E.isLeft(first)) return E.left(cannot(path, first.left))
  return E.right({
    watch: screen => seenBy(event => events.push(event), screen),
    writeAtOnce: () => tell(put(notDrawn('the run was left at once'))),
    write: async () => tell(put(await draw(events))),
  })
}

const cannot = (path: string, why: string): string => `the report cannot be written to ${path}: ${why}`

const notDrawn = (why: string): Drawing => ({ _tag: 'NotDrawn', why })

/** A page without it is better than none. */
const draw = async (events: readonly RunEvent[]): Promise<Drawing> => {
  const graph = graphOf(reportOf(events))
  if (graph === null) return notDrawn('there is nothing to draw, or too much to be read')
  try {
    return { _tag: 'Drawn', svg: await svgOf(dotOf(graph)) }
  } catch (error) {
    return notDrawn(error instanceof Error ? error.message : String(error))
  }
}

const aboutOf = ({ command, playbook, inventory, limit, more }: RunOptions, version: string): About => {
  const services = Array.isArray(more['services']) ? more['services'].join(' ') : ''
  return {
    command: `steward ${command} ${playbook ?? services}`.trimEnd(),
    more: [
      ['Inventory', inventory.join(', ')],
      ...(limit === null ? [] : [['Limited to', limit] as const]),
      ['steward', version],
    ],
  }
}
