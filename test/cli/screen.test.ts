import { spawnSync } from 'node:child_process'
import * as assert from 'uvu/assert'
import { textScreen } from '../../lib/cli/screen.js'
import type { RunFact } from '../../lib/model/event.js'
import { styleFor } from '../../lib/report/style.js'
import { projectFolder } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'

/** What it prints of these, and at what time nobody asks. */
const printed = (facts: readonly RunFact[], verbose = 0): string => {
  const lines: string[] = []
  const log = console.log
  console.log = text => void lines.push(text)
  try {
    const screen = textScreen(styleFor(false), null, { verbose })
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

  test('leave out services that need nothing, unless one of them was about to be changed', () => {
    assert.is(printed([ok('a@h'), { _tag: 'StepStarted', id: 'b@h' as never }, ok('b@h')]), 'ok: [b@h] running')
    assert.is(printed([ok('a@h')], 1), 'ok: [a@h] running')
  })
})
