import * as assert from 'uvu/assert'
import { between } from '../../lib/remote/simulated/between.js'
import { estate } from '../helpers/estate.js'
import { describe } from '../helpers/test.js'
import { hostOf, play, story, twoHosts } from '../run/builders.js'

const one = () => {
  const built = estate(
    'services: { km: { hosts: h1, script: /init/km, processes: { km: { args: [-Dkm] } }, ready: { within: 5s, stable: 0s } } }',
    'all: { hosts: { h1: } }',
  )
  const host = hostOf(built, 'h1')
  host.scripts.add('/init/km')
  host.commands.set('/init/km start', () => void host.spawn(['java', '-Dkm']))
  return { built, host }
}
const wanted = play({ km: 'running' })
const whyNot = async ({ built }: ReturnType<typeof one>): Promise<string> => {
  const [step] = (await built.plan(wanted)).plays[0]?.steps ?? []
  return step?.action._tag === 'Unreachable' ? step.action.why : (step?.action._tag ?? '')
}

describe('a simulated host', test => {
  test('takes as long as it is told to, for connecting and for each script', async () => {
    const { built, host } = one()
    host.connectMs = () => 300
    host.scriptMs = kind => (kind === 'look' ? 200 : 0)
    const since = host.clock.now()
    await built.plan(wanted)
    assert.is(host.clock.now() - since, 500)
  })

  test('draws the same latencies from the same seed', () => {
    const draws = (seed: number) => Array.from({ length: 5 }, between(10, 20, seed))
    assert.equal(draws(7), draws(7))
    assert.not.equal(draws(7), draws(8))
    assert.ok(draws(7).every(ms => ms >= 10 && ms < 20))
  })

  test('is waited for no longer than the deadlines where nothing answers', async () => {
    const dead = one()
    dead.host.isBlackHole = true
    const slow = one()
    slow.host.scriptMs = () => 60_000
    const since = dead.host.clock.now()
    assert.is(await whyNot(dead), 'no answer within 10 s')
    assert.is(dead.host.clock.now() - since, 10_000)
    assert.is(await whyNot(slow), 'no answer within 30 s')
  })

  test('is not believed when its answer is cut, garbled or a stranger’s', async () => {
    for (const garble of [
      (text: string) => text.slice(0, -20),
      (text: string) => text.replaceAll('open', 'opne'),
      () => 'Welcome to the router\n> ',
    ]) {
      const made = one()
      made.host.garble = (_kind, text) => garble(text)
      assert.match(await whyNot(made), /cut short|garbled|did not run the probe/)
    }
  })

  test('lies with scripts that say they did, and is found out', async () => {
    const { built, host } = one()
    host.commands.set('/init/km start', () => {})
    const ended = await built.run(wanted)
    assert.equal([ended.exitCode, story(ended)], [2, ['begin km@h1', 'failed km@h1']])
  })

  test('crashes after as many looks as it is told, and is out of reach from then on', async () => {
    const built = twoHosts()
    hostOf(built, 'km1').looksLeft = 1
    const ended = await built.run(play({ km: 'running' }))
    assert.is(ended.exitCode, 4)
    assert.is(hostOf(built, 'km1').down?._tag, 'Unreachable')
  })
})
