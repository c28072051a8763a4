import * as assert from 'uvu/assert'
import type { JournalEntry, Liveness, PastRun, Tail } from '../../lib/model/journal.js'
import type { HostName } from '../../lib/model/names.js'
import type { StepId } from '../../lib/model/plan.js'
import { runStory, runsLines } from '../../lib/report/runs.js'
import { styleFor } from '../../lib/report/style.js'
import { describe } from '../helpers/test.js'
import { closed, concluded, intended, km, opened, recordsOf } from '../run/journal/builders.js'

const app = 'dispatcher@app1' as StepId
const failed: JournalEntry = { _tag: 'Concluded', id: app, outcome: 'failed', words: 'it is not running after 10 s' }

describe('the list of runs', test => {
  test('says of each when it began, how it ended, what came of it and what it was', () =>
    assert.equal(runsLines([past([opened, intended(), concluded(), failed, closed(2)])], plain), [
      'RUN, BEGUN AT (UTC)         END     SERVICES             WHAT',
      '20261124T231500.482-3f9a2c  failed  1 changed, 1 failed  run /play.yml',
    ]))

  test('tells a run that ended from one that was interrupted, is still running, or did not end', () => {
    assert.is(endOf(past([opened, closed(0)])), 'done')
    assert.is(endOf(past([opened, { _tag: 'Interrupted' }, closed(99)])), 'interrupted')
    assert.is(endOf(past([opened, intended()], { liveness: 'running' })), 'is still running  1 not known')
    assert.is(endOf(past([opened, intended()], { liveness: 'unknown' })), 'may still be running  1 not known')
    assert.is(endOf(past([opened, intended()])), 'did not end  1 not known')
  })

  test('names the services of a restart, and its story the time it goes by', () => {
    const more = { services: ['km', 'web'], 'started-after': Date.UTC(2026, 10, 24, 23, 0) }
    const run = past([{ ...opened, command: 'restart', playbook: null, more } as JournalEntry, closed(0)])
    assert.match(runsLines([run], plain)[1] ?? '', /restart km, web$/)
    assert.match(storyOf(run), '  restart km, web\n  of all that was started before 2026-11-24 23:00:00 UTC\n')
  })

  test('has a line for a run whose journal tells nothing', () =>
    assert.is(endOf(past([], { tail: torn })), 'did not end'))
})

describe('the story of a run', test => {
  test('tells intents and outcomes in order, and names each step whose outcome is not known', () =>
    assert.equal(runStory(past([opened, intended(), concluded(), intended(app), kill]), [], plain), [
      'RUN 20261124T231500.482-3f9a2c: did not end',
      '  run /play.yml',
      '  inventory /hosts.yml, 50 hosts at once',
      '  begun 2026-11-24 23:15:00 UTC by steward 0.1.0, pid 4242 on admin1',
      '',
      '23:15:01  begun: [km@km1] script: /init/km start',
      '23:15:02  changed: [km@km1] running',
      '23:15:03  intended: [dispatcher@app1] script: /init/km start',
      '23:15:04  intended: [dispatcher@app1] KILL to pids 7, 8',
      '',
      'outcome not known: dispatcher@app1: look with steward status',
      '',
      '1 changed, 1 not known',
    ]))

  test('calls what is not concluded under way while it is still running', () =>
    assert.match(storyOf(past([opened, intended()], { liveness: 'running', tail: torn })), /\n\nunder way: km@km1\n\n/))

  test('names the hooks that nobody has run, and what runs them', () => {
    const left = [{ runId: 'r1', id: km, moments: ['afterStart' as const] }]
    const story = runStory(past([opened, intended(), closed(2)]), left, plain).join('\n')
    assert.match(story, '\nnot run: the hooks after the start of km@km1: steward resume r1 does that\n')
  })

  test('counts a step of a later play as not known even if an earlier one of its name ended', () =>
    assert.match(storyOf(past([opened, intended(), concluded(), intended()])), 'outcome not known: km@km1'))

  test('says of a failure that an earlier version kept why its reason is not told', () =>
    assert.match(
      storyOf(past([opened, { ...failed, words: '' } as JournalEntry])),
      'failed: [dispatcher@app1] why was not kept by the steward that ran it\n',
    ))

  test('says of a failure why, and the way out', () =>
    assert.match(
      storyOf(past([opened, { ...failed, wayOut: 'see its log' } as JournalEntry])),
      'failed: [dispatcher@app1] it is not running after 10 s\n            see its log\n',
    ))

  test('says which host was not seen', () =>
    assert.match(
      storyOf(past([opened, { _tag: 'NotSeen', host: 'km1' as HostName, words: 'no route' }])),
      'unreachable: [km1] no route\n',
    ))

  test('tells what was begun from what was only intended, as where another run had the lock', () => {
    const notBegun: JournalEntry = { _tag: 'NotBegun', id: km }
    const story = storyOf(
      past([opened, intended(km, '/hook'), intended(), notBegun, { ...failed, id: km }, intended(app)]),
    )
    assert.match(story, 'begun: [km@km1] script: /hook\n')
    assert.match(story, 'not begun: [km@km1] script: /init/km start\n23:15:04  failed: [km@km1]')
    assert.match(story, 'intended: [dispatcher@app1] script: /init/km start\n')
  })

  test('says where the journal is torn', () =>
    assert.match(
      storyOf(past([opened], { tail: torn })),
      'the journal is torn at line 2: it has no end; it holds nothing',
    ))

  test('says that it cannot be told what was done where the first line cannot be read', () =>
    assert.match(storyOf(past([], { tail: torn, liveness: 'unknown' })), 'What was done cannot be told.'))

  test('says where it is damaged, and believes what can still be read', () => {
    const beyond = recordsOf([concluded(), closed()])
    const tail: Tail = { _tag: 'Damaged', line: 3, reason: 'its checksum does not match', beyond }
    const story = storyOf(past([opened, intended()], { tail }))
    assert.match(story, 'RUN 20261124T231500.482-3f9a2c: done')
    assert.match(
      story,
      'damaged at line 3: its checksum does not match; what can still be read follows\n23:15:00  changed',
    )
    assert.not.match(story, 'not known')
    assert.match(story, /1 changed, journal damaged$/)
  })

  test('shows nothing that could act on a terminal, wherever it comes from', () => {
    const evil = '\u001b[2J\u202e\n'
    const run = past([
      { ...opened, playbook: evil, limit: evil } as JournalEntry,
      intended(km, evil),
      concluded(km, evil),
    ])
    const text = [...runStory(run, [], plain), ...runsLines([{ ...run, runId: evil }], plain)].join('')
    assert.match(text, /^\P{C}*$/u)
  })
})

const plain = styleFor(false)

const torn: Tail = { _tag: 'Torn', line: 2, reason: 'it has no end' }

const kill: JournalEntry = {
  ...(intended(app) as Extract<JournalEntry, { _tag: 'Intended' }>),
  act: { _tag: 'Signal', signal: 'KILL', pids: [7, 8] },
}

const past = (
  entries: readonly JournalEntry[],
  { tail = { _tag: 'Whole' }, liveness = 'gone' }: { tail?: Tail; liveness?: Liveness } = {},
): PastRun => ({ runId: '20261124T231500.482-3f9a2c', liveness, records: recordsOf(entries), tail })

const storyOf = (run: PastRun): string => runStory(run, [], plain).join('\n')

/** What the table says between the id and what it was. */
const endOf = (run: PastRun): string =>
  (runsLines([run], plain)[1] ?? '').replace(/^\S+ +(.*?) {2}(run \/play\.yml|not known)$/, '$1').trimEnd()
