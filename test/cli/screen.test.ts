import { spawnSync } from 'node:child_process'
import * as assert from 'uvu/assert'
import { textScreen } from '../../lib/cli/screen.js'
import type { RunFact } from '../../lib/model/event.js'
import { styleFor } from '../../lib/report/style.js'
import { projectFolder } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'

/** A foot that shows nothing. */
const still = Object.assign(() => {}, { clear: () => {}, done: () => {}, persist: () => {} })

/** What it prints of these, and at what time nobody asks. */
const printed = (facts: readonly RunFact[], verbose = 0, foot: typeof still | null = null): string => {
  const lines: string[] = []
  const log = console.log
  console.log = text => void lines.push(text)
  try {
    const screen = textScreen(styleFor(false), foot, { verbose })
    for (const fact of facts) screen.show({ ...fact, atMs: 0 })
    screen.close()
  } finally {
    console.log = log
  }
  return lines.join('\n')
}

const skip = (id: string): RunFact => ({ _tag: 'StepSkipped', id: id as never, because: 'it was interrupted' })
const ok = (id: string): RunFact => ({
  _tag: 'StepSucceeded',
  id: id as never,
  changed: false,
  now: 'running',
  found: null,
  tookMs: 0,
})

describe('the events of a run', test => {
  test('are all there up to a bug that ends the process', () => {
    const event = JSON.stringify({ ...skip('a@h'), atMs: 0 })
    const program = `import { jsonScreen } from '${projectFolder}dist/lib/cli/screen.js'
      jsonScreen().show(${event})
      throw new Error('a bug')`
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
    assert.is(JSON.parse(stdout)._tag, 'StepSkipped')
  })
})

describe('the lines of a run', test => {
  test('tell of a run that was stopped in one line, whatever plays and batches were left', () => {
    const facts = ['one', 'two', 'three'].flatMap((name, i): RunFact[] => [
      { _tag: 'PlayStarted', name },
      skip(`a@h${i}`),
      skip(`b@h${i}`),
    ])
    const ended: RunFact = { _tag: 'RunEnded', recap: new Map(), exitCode: 99 }
    assert.is(printed([...facts, ended]), '\nPLAY [one]\nskipped: 6 steps, a, b on h0, h1, h2: it was interrupted')
  })

  test('tell of a play behind skipped steps once something happens in it', () => {
    const facts: RunFact[] = [skip('a@h'), { _tag: 'PlayStarted', name: 'two' }, ok('b@h')]
    assert.is(printed(facts, 1), 'skipped: [a@h] it was interrupted\n\nPLAY [two]\nok: [b@h] running')
  })

  test('tell of many hosts for which nothing was to be done in one line of the recap, where somebody sees it scroll', () => {
    const well = { ok: 2, changed: 0, unreachable: 0, failed: 0, skipped: 0 }
    const names = Array.from({ length: 30 }, (_, i) => `h${i}` as never)
    const recap = new Map(names.map(name => [name, well]))
    recap.set('h3' as never, { ...well, changed: 1 }).set('h7' as never, { ...well, ok: 1, failed: 1 })
    const facts: RunFact[] = [{ _tag: 'RunEnded', recap, exitCode: 2 }]
    const lines = printed(facts, 0, still).split('\n')
    assert.equal(
      lines.filter(line => line.includes('ok=')),
      [
        '28 hosts : ok=56 changed=0 unreachable=0 failed=0 skipped=0',
        'h3       : ok=2  changed=1 unreachable=0 failed=0 skipped=0',
        'h7       : ok=1  changed=0 unreachable=0 failed=1 skipped=0',
      ],
    )
    for (const all of [printed(facts, 1, still), printed(facts)]) assert.is(all.match(/ok=/g)?.length, 30)
  })

  test('leave out services that need nothing, unless one of them was about to be changed', () => {
    assert.is(printed([ok('a@h'), { _tag: 'StepStarted', id: 'b@h' as never }, ok('b@h')]), 'ok: [b@h] running')
    assert.is(printed([ok('a@h')], 1), 'ok: [a@h] running')
  })
})
