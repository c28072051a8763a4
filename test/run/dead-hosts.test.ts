import * as assert from 'uvu/assert'
import { between } from '../../lib/remote/simulated/between.js'
import { type Estate, estate } from '../helpers/estate.js'
import { describe } from '../helpers/test.js'
import { hostOf, play } from './builders.js'

const nameAt = (i: number): string => `h${String(i).padStart(3, '0')}`
const wanted = play({ app: 'running' })
const connectDeadlineMs = 10_000

/** Hosts on which all is well and that answer at once, but for those that are told otherwise. */
const crowd = (count: number): Estate => {
  const names = Array.from({ length: count }, (_, i) => nameAt(i))
  const built = estate(
    'services: { app: { hosts: all, script: /init/app, processes: { app: { args: [-Dapp] } } } }',
    `all: { hosts: { ${names.map(name => `${name}: `).join(', ')} } }`,
  )
  for (const name of names) hostOf(built, name).spawn(['java', '-Dapp'])
  return built
}

/** How it ended, how long that took, and when each host that answers had been looked at. */
const look = async (built: Estate, forks: number) => {
  const { clock } = hostOf(built, nameAt(0))
  const sinceMs = clock.now()
  const seenMs: number[] = []
  const { exitCode, facts } = await built.run(wanted, {
    forks,
    onFact: fact => {
      if (fact._tag === 'HostObserved') seenMs.push(clock.now() - sinceMs)
    },
  })
  const unreachable = facts.filter(({ _tag }) => _tag === 'HostUnreachable').length
  return { exitCode, unreachable, seenMs, tookMs: clock.now() - sinceMs }
}

describe('500 hosts, a twentieth of which are dead and a twentieth slow', test => {
  test('take as long as one dead host, and the others are done while it is waited for', async () => {
    const built = crowd(500)
    const slowMs = between(2_000, 3_000, 47)
    for (let i = 0; i < 500; i += 20) hostOf(built, nameAt(i)).isBlackHole = true
    for (let i = 10; i < 500; i += 20) hostOf(built, nameAt(i)).scriptMs = slowMs
    const { exitCode, unreachable, seenMs, tookMs } = await look(built, 50)
    assert.equal([exitCode, unreachable, seenMs.length], [4, 25, 475])
    assert.is(tookMs, connectDeadlineMs)
    assert.ok(Math.max(...seenMs) < 4_000, `the last host that answers was seen after ${Math.max(...seenMs)} ms`)
    // The last few that answer at once come when all slots are taken by dead and slow ones.
    assert.ok(seenMs.filter(ms => ms === 0).length >= 440)
  })
})

describe('more dead hosts than may be at work at once', test => {
  test('hold the others up by the time for connecting, and by no more', async () => {
    const built = crowd(500)
    for (let i = 0; i < 60; i += 1) hostOf(built, nameAt(i)).isBlackHole = true
    const { exitCode, unreachable, seenMs, tookMs } = await look(built, 50)
    assert.equal([exitCode, unreachable, seenMs.length], [4, 60, 440])
    assert.is(Math.max(...seenMs), connectDeadlineMs)
    assert.is(tookMs, 2 * connectDeadlineMs)
  })
})
