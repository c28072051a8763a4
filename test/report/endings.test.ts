import * as assert from 'uvu/assert'
import type { RunEvent } from '../../lib/model/event.js'
import { type ExitCode, exitCodes } from '../../lib/model/exit-code.js'
import { conclusion } from '../../lib/report/conclusion.js'
import { skippedLines } from '../../lib/report/fold.js'
import { runLines } from '../../lib/report/run-lines.js'
import { styleFor } from '../../lib/report/style.js'
import { describe } from '../helpers/test.js'
import { both, twoHosts } from '../run/builders.js'

const plain = styleFor(false)
const none = { ok: 0, changed: 0, unreachable: 0, failed: 0, skipped: 0 }

const ending = (exitCode: ExitCode, ...hosts: readonly Partial<typeof none>[]): string =>
  conclusion({ exitCode, recap: new Map(hosts.map((counts, i) => [`h${i}` as never, { ...none, ...counts }])) }, 1200)

describe('the sentence a run ends with', test => {
  test('is true of every ending', () => {
    const { ok, failed, unreachable, interrupted } = exitCodes
    assert.is(ending(ok, { ok: 2 }, { ok: 1 }), 'All is as it should be; nothing was changed, in 1.2 s.')
    assert.is(ending(ok, { ok: 2, changed: 1 }), 'Done: 1 service changed, in 1.2 s.')
    assert.is(ending(failed, { failed: 2 }, { ok: 1 }), 'Not done: 2 failed (h0), in 1.2 s.')
    assert.is(
      ending(unreachable, { unreachable: 6 }, { unreachable: 6 }, { changed: 2, ok: 2 }),
      'Not done: 2 hosts out of reach (h0, h1); 2 services changed, in 1.2 s.',
    )
    assert.is(ending(failed, { ok: 3, changed: 3 }), 'Not done: the run was stopped; 3 services changed, in 1.2 s.')
    assert.is(
      ending(interrupted, { ok: 1, changed: 1 }, { skipped: 4 }),
      'Interrupted: 4 skipped, 1 service changed, in 1.2 s.',
    )
  })

  test('says so when a run was interrupted while it worked', async () => {
    const stop = new AbortController()
    const { facts } = await twoHosts().run(both, {
      signal: stop.signal,
      onFact: fact => {
        if (fact._tag === 'StepStarted') stop.abort()
      },
    })
    const ended = facts.at(-1)
    if (ended?._tag !== 'RunEnded') throw new Error('the last event is not the end')
    assert.is(conclusion(ended, 1200), 'Interrupted: 1 skipped, 1 service changed, in 1.2 s.')
  })
})

describe('many steps that are skipped', test => {
  test('are one line for each reason, with their count and the first of their hosts', () => {
    const skipped = Array.from({ length: 400 }, (_, i) => ({
      _tag: 'StepSkipped' as const,
      atMs: 0,
      id: `${i % 2 === 0 ? 'km' : 'api'}@h${i >> 1}` as never,
      because: 'the rollout was stopped',
    }))
    const other = { ...(skipped[0] as (typeof skipped)[0]), because: 'km@h1 failed' }
    assert.equal(skippedLines([...skipped, other], plain), [
      'skipped: 400 steps, km, api on h0, h1, h2, h3 and 196 more: the rollout was stopped',
      'skipped: [km@h0] km@h1 failed',
    ])
  })
})

describe('how much a run tells', test => {
  const command: RunEvent = {
    _tag: 'CommandEnded',
    atMs: 0,
    id: 'km@h' as never,
    what: '/init/km start',
    code: 0,
    output: 'up\nand well\n',
  }
  const look: RunEvent = { _tag: 'HostObserved', atMs: 0, host: 'h' as never, tookMs: 312 }
  const wait: RunEvent = { _tag: 'StepWaited', atMs: 61_000, id: 'km@h' as never, for: 'starting' }

  test('leaves out what ended badly only where it is a hook, as the failure of its step says so', () => {
    const ended = (what: string) => runLines({ ...command, what, code: 3 }, plain)
    assert.equal([...ended('script'), ...ended('hook before the start')], ['  [km@h] script ended with 3'])
  })

  test('grows with each v: commands and what they print with two, looks and waits with three', () => {
    const linesWith = (verbose: number) => [command, look, wait].flatMap(event => runLines(event, plain, verbose))
    assert.equal(linesWith(1), [])
    assert.equal(linesWith(2), ['  [km@h] /init/km start ended with 0', '    up', '    and well'])
    assert.equal(linesWith(3).slice(3), ['  [h] looked at in 0.3 s', '  [km@h] at 00:01:01.000 starting'])
  })
})
