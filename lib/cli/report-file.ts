/** `--report FILE`: a run as a page, beside what the screen shows. */
import type { RunEvent } from '../model/event.js'
import type { RunOptions } from '../model/journal.js'
import { dotOf } from '../report/dot.js'
import { reportOf } from '../report/html/fold.js'
import { graphOf } from '../report/html/graph.js'
import { type Drawing, pageOf } from '../report/html/page.js'
import type { About } from '../report/html/summary.js'
import { svgOf } from '../report/svg.js'
import type { EventFile } from './keep-events.js'

/** A page is there from the beginning; the graph is drawn at the end. */
export const reportFile = (path: string, again: RunOptions, version: string): EventFile => {
  const about = aboutOf(again, version)
  const page = (events: readonly RunEvent[], drawing: Drawing): string => pageOf(reportOf(events), about, drawing)
  return {
    option: '--report',
    path,
    first: page([], notDrawn('the run has not come to its end')),
    contentOf: async events => page(events, await draw(events)),
    atOnce: events => page(events, notDrawn('the run was left at once')),
  }
}

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
