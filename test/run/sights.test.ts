import * as assert from 'uvu/assert'
import type { Verdict } from '../../lib/model/verdict.js'
import type { PortWait } from '../../lib/observe/port-wait.js'
import type { Sight } from '../../lib/run/readiness.js'
import { sightsOf } from '../../lib/run/sights.js'
import { describe } from '../helpers/test.js'
import { virtualClock } from '../helpers/virtual-clock.js'

/** A service of these ports, which open so long after now; a host that waits, if it does, as it is told to. */
const starting = (opensAfterMs: Readonly<Record<number, number>>, doesWait = true) => {
  const clock = virtualClock()
  const bornMs = clock.now()
  const goneMs = () => clock.now() - bornMs
  const isOpen = (port: number) => goneMs() >= (opensAfterMs[port] ?? 0)
  const looks: number[] = []
  const waits: (PortWait & { atMs: number })[] = []
  const look = async (): Promise<Sight> => {
    looks.push(goneMs())
    const ports = Object.keys(opensAfterMs).map(port => evidenceOf(Number(port), isOpen(Number(port))))
    return { _tag: 'Seen', verdict: { ...starts, evidence: { ...nothing, ports } }, lacks: null }
  }
  const lookOnceOpen = async (wait: PortWait): Promise<Sight> => {
    waits.push({ ...wait, atMs: goneMs() })
    const untilMs = clock.now() + wait.withinMs
    while (doesWait && clock.now() < untilMs && !wait.ports.some(isOpen)) await clock.sleep(wait.everyMs)
    return look()
  }
  return { looks, waits, next: sightsOf({ look, lookOnceOpen }, clock), clock, bornMs }
}

const nothing = {
  instances: [],
  undeclared: [],
  starters: [],
  script: null,
  unit: null,
  seenBy: [],
  bootId: null,
  takenAtMs: 0,
}
const starts = { _tag: 'starting', waitingFor: 'its ports' } as const
const evidenceOf = (port: number, open: boolean): Verdict['evidence']['ports'][number] => ({
  wanted: { address: null, port },
  open,
  own: [],
  strangers: [],
  hidden: false,
})

const untilGone = async ({ next, bornMs }: ReturnType<typeof starting>, ms: number): Promise<void> => {
  while ((await next(bornMs + ms)) !== null);
}

describe('what is seen of a service that starts', test => {
  test('is seen anew soon after each of its ports opens, and seldom before', async () => {
    const made = starting({ 80: 2000, 81: 3000 })
    await untilGone(made, 3100)
    for (const opensMs of [2000, 3000])
      assert.ok(
        made.looks.some(ms => ms >= opensMs && ms <= opensMs * (1 + 1 / 40)),
        `${opensMs}: ${made.looks}`,
      )
    assert.ok(made.looks.filter(ms => ms < 2000).length <= 7, `${made.looks}`)
    assert.equal(made.waits.at(-1)?.ports, [81])
  })

  test('is seen at a pace where the host does not wait, or the port that opens is another', async () => {
    const made = starting({ 80: 2000 }, false)
    await untilGone(made, 2500)
    assert.is(made.waits.length, 1)
    const pauses = made.looks.slice(1).map((ms, i) => ms - (made.looks[i] ?? 0))
    assert.ok(
      pauses.slice(1).every(ms => ms >= 100),
      `${pauses}`,
    )
  })

  test('is seen once a second where it takes long, and the host no longer waits', async () => {
    const made = starting({ 80: 60_000 })
    await untilGone(made, 15_000)
    assert.ok(made.looks.filter(ms => ms > 11_500 && ms < 15_000).length <= 4, `${made.looks}`)
    assert.ok(made.waits.every(({ withinMs, atMs }) => withinMs <= 1000 && atMs <= 10_000))
  })
})
