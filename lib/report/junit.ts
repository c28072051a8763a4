/** A run as JUnit XML, in the form that Jenkins reads: a suite for each play or batch, a case for each of its services. */
import type { RunEvent } from '../model/event.js'
import { type Case, type Ending, type Suite, suitesOf } from './junit-cases.js'
import { xmlElement, xmlTextElement } from './xml.js'

/** Whole also where the events end in the middle: what was begun is an error then, and what was not is skipped. */
export const junitXml = (events: readonly RunEvent[]): string => {
  const suites = suitesOf(events)
  const first = events[0]?.atMs ?? 0
  const tookMs = Math.max(0, (events.at(-1)?.atMs ?? first) - first)
  const { skipped: _, ...counts } = countsOf(suites.flatMap(({ cases }) => cases))
  const root = xmlElement('testsuites', { name: 'steward', ...counts, time: seconds(tookMs) }, suites.map(suiteElement))
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`
}

const suiteElement = ({ name, startedAtMs, tookMs, cases }: Suite): string => {
  const timestamp = new Date(startedAtMs).toISOString().slice(0, 19)
  return xmlElement('testsuite', { name, ...countsOf(cases), time: seconds(tookMs), timestamp }, cases.map(caseElement))
}

const caseElement = ({ className, name, tookMs, notes, ending }: Case): string =>
  xmlElement('testcase', { classname: className, name, time: seconds(tookMs) }, endingElements(ending, notes))

const endingElements = (ending: Ending, notes: readonly string[]): readonly string[] => {
  switch (ending._tag) {
    case 'Passed':
      return [xmlTextElement('system-out', {}, [...notes, ending.text].join('\n'))]
    case 'Skipped':
      return [xmlElement('skipped', { message: ending.why }, [])]
    case 'Failure':
    case 'Error': {
      const { type, why, more } = ending
      const text = [why, ...more, ...notes].join('\n')
      return [xmlTextElement(ending._tag === 'Failure' ? 'failure' : 'error', { message: why, type }, text)]
    }
  }
}

const countsOf = (cases: readonly Case[]) => {
  const count = (tag: Ending['_tag']): number => cases.filter(({ ending }) => ending._tag === tag).length
  return { tests: cases.length, failures: count('Failure'), errors: count('Error'), skipped: count('Skipped') }
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3)
