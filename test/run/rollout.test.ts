import * as assert from 'uvu/assert'
import type { RunFact } from '../../lib/model/event.js'
import type { Ended, Estate } from '../helpers/estate.js'
import { describe } from '../helpers/test.js'
import { hostOf, launched, story, websOn, whyFailed } from './builders.js'

const all = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6']

const webs = (more = ''): Estate => websOn(all, more)

const play = (keys: string, services = '{ web: running }'): string =>
  `- { name: web, hosts: all, catalog: catalog.yml, services: ${services}, ${keys} }`

const breakOn = (built: Estate, name: string): void => {
  hostOf(built, name).commands.set('/init/web start', () => {})
}

const begun = (ended: Ended): readonly string[] =>
  story(ended).flatMap(line => (line.startsWith('begin ') ? [line.slice('begin web@'.length)] : []))

const stoppedIn = ({ facts }: Ended): Extract<RunFact, { _tag: 'RolloutStopped' }> | undefined =>
  facts.find((fact): fact is Extract<RunFact, { _tag: 'RolloutStopped' }> => fact._tag === 'RolloutStopped')

/** Between the beginning of a batch and the end of it, only its hosts begin anything. */
const inBatches = ({ facts }: Ended): readonly (readonly string[])[] => {
  const batches: string[][] = []
  for (const fact of facts) {
    if (fact._tag === 'PlayStarted') batches.push([])
    if (fact._tag === 'StepStarted') batches.at(-1)?.push(fact.id.slice('web@'.length))
  }
  return batches
}

describe('a rollout', test => {
  test('changes the hosts of one batch at a time', async () => {
    const ended = await webs().run(play('serial: [1, 2]'))
    assert.equal(inBatches(ended), [['h1'], ['h2', 'h3'], ['h4', 'h5'], ['h6']])
    assert.is(ended.exitCode, 0)
  })

  test('looks once at each host when there is nothing to do', async () => {
    const built = webs()
    await built.run(play('serial: 2'))
    for (const name of all) hostOf(built, name).ran.length = 0
    const again = await built.run(play('serial: 2, canary: 1'))
    assert.equal(
      all.map(name => hostOf(built, name).ran),
      all.map(() => ['look']),
    )
    assert.is(again.exitCode, 0)
  })

  test('goes on after a failure, as Ansible does, until all hosts of a batch have failed', async () => {
    const one = webs()
    breakOn(one, 'h1')
    assert.equal(begun(await one.run(play('serial: 2'))), all)
    const two = webs()
    breakOn(two, 'h1')
    breakOn(two, 'h2')
    const ended = await two.run(play('serial: 2'))
    assert.equal(begun(ended), ['h1', 'h2'])
    assert.is(ended.exitCode, 2)
    assert.equal(stoppedIn(ended)?.hosts, {
      new: [],
      failed: ['h1', 'h2'],
      rolledBack: [],
      old: ['h3', 'h4', 'h5', 'h6'],
      unknown: [],
    })
  })

  test('stops when more has failed than it may, and says where its hosts are', async () => {
    const built = webs()
    breakOn(built, 'h2')
    hostOf(built, 'h6').down = { _tag: 'Unreachable', why: 'no route' }
    const ended = await built.run(play('serial: 2, max_fail_percentage: 49'))
    assert.equal(begun(ended), ['h1', 'h2'])
    const stopped = stoppedIn(ended)
    assert.match(stopped?.why ?? '', /1 of 2 hosts of the batch failed, which is more than 49%/)
    const skipped = story(ended).filter(line => line.startsWith('skipped'))
    assert.equal(skipped, ['skipped web@h3', 'skipped web@h4', 'skipped web@h5'])
    for (const name of ['h3', 'h4', 'h5']) assert.equal(launched(built, name), [])
  })

  test('begins nothing more in the batch either once that is so', async () => {
    const built = webs()
    breakOn(built, 'h1')
    const ended = await built.run(play('serial: 4, any_errors_fatal: true'), { forks: 1 })
    assert.equal(begun(ended), ['h1'])
    assert.match(stoppedIn(ended)?.why ?? '', /h1 failed, and any_errors_fatal/)
  })

  test('stops the later plays too', async () => {
    const built = webs()
    for (const name of all) breakOn(built, name)
    const ended = await built.run(`${play('serial: 3')}\n${play('any_errors_fatal: true', '{ web: stopped }')}`)
    assert.equal(begun(ended), ['h1', 'h2', 'h3'])
  })

  test('sees at the gate that what it has touched still runs', async () => {
    const built = webs()
    const dying = hostOf(built, 'h1')
    // It dies once the second batch is under way, and is seen dead at the gate behind that.
    hostOf(built, 'h3').commands.set('/init/web start', host => {
      host.spawn(['java', '-Dbase=web'], { listens: [80] })
      dying.processes.clear()
    })
    const ended = await built.run(play('serial: 2, any_errors_fatal: true, gate: { within: 2s }'))
    assert.equal(begun(ended), ['h1', 'h2', 'h3', 'h4'])
    assert.match(whyFailed(ended), /since the batch was done, it has become stopped/)
    assert.equal(stoppedIn(ended)?.hosts, {
      new: ['h2', 'h3', 'h4'],
      failed: ['h1'],
      rolledBack: [],
      old: ['h5', 'h6'],
      unknown: [],
    })
    assert.is(ended.exitCode, 2)
  })

  test('holds a canary for its time, and goes on only if it stays well', async () => {
    const built = webs()
    const clock = hostOf(built, 'h1').clock
    let heldMs = 0
    const good = await built.run(play('canary: { hosts: 1, stable: 60s }'), {
      onFact: fact => {
        if (fact._tag === 'BatchHeld' && fact.batch.isCanary) heldMs = -clock.now()
        if (fact._tag === 'PlayStarted' && heldMs < 0) heldMs += clock.now()
      },
    })
    assert.equal(inBatches(good), [['h1'], ['h2', 'h3', 'h4', 'h5', 'h6']])
    assert.ok(heldMs >= 60_000, `held for ${heldMs} ms`)

    const bad = webs()
    const canary = hostOf(bad, 'h1')
    let looks = 0
    const ended = await bad.run(play('canary: { hosts: 1, stable: 60s }'), {
      onFact: fact => {
        if (fact._tag === 'BatchHeld')
          canary.fault = () => {
            looks += 1
            if (looks === 20) canary.processes.clear()
            return null
          }
      },
    })
    assert.equal(begun(ended), ['h1'])
    assert.match(stoppedIn(ended)?.why ?? '', /all hosts of the batch failed: h1/)
  })

  test('stops where what the play asks says no', async () => {
    const built = webs()
    const ended = await built.run(play('serial: 3, gate: { command: exit 3, within: 1s }'))
    assert.equal(begun(ended), ['h1', 'h2', 'h3'])
    assert.match(
      stoppedIn(ended)?.why ?? '',
      /the gate after batch 1 of 2 did not open: command exit 3: it ended with 3/,
    )
    assert.is(ended.exitCode, 2)
  })

  test('asks whether to go on after a canary, and stops where nobody is there', async () => {
    const asked: string[] = []
    const yes = await webs().run(play('canary: { hosts: 2, ask: true }'), {
      goOn: async question => asked.push(question) > 0,
    })
    assert.equal([begun(yes), yes.exitCode], [all, 0])
    assert.equal(asked, ['The canary, batch 1 of 2, is well. Go on with the others?'])
    const nobody = await webs().run(play('canary: { hosts: 2, ask: true }'))
    assert.equal([begun(nobody), nobody.exitCode], [['h1', 'h2'], 99])
  })

  test('asks before each batch where it is to', async () => {
    const answers = [true, false]
    const ended = await webs().run(play('serial: 2'), { stepwise: true, goOn: async () => answers.shift() ?? false })
    assert.equal([begun(ended), ended.exitCode], [['h1', 'h2'], 99])
    assert.equal(stoppedIn(ended)?.hosts.old, ['h3', 'h4', 'h5', 'h6'])
  })

  test('waits between batches', async () => {
    const built = webs()
    const clock = hostOf(built, 'h1').clock
    const times: number[] = []
    await built.run(play('serial: 3, pause_between: 10m'), {
      onFact: fact => {
        if (fact._tag === 'PlayStarted') times.push(clock.now())
      },
    })
    const [first = 0, second = 0] = times
    assert.ok(second - first > 600_000 && second - first < 630_000, `${second - first}`)
  })

  test('taken up again does what is left', async () => {
    const built = webs()
    breakOn(built, 'h3')
    await built.run(play('serial: 2, any_errors_fatal: true'))
    const host = hostOf(built, 'h3')
    host.commands.set('/init/web start', () => void host.spawn(['java', '-Dbase=web'], { listens: [80] }))
    const again = await built.run(play('serial: 2, any_errors_fatal: true'))
    assert.equal([begun(again), again.exitCode], [['h3', 'h5', 'h6'], 0])
  })

  test('refuses a plan in which a batch would wait for a later one', () => {
    const built = webs(`  app:
    hosts: h1:h2
    requires: web
    script: /init/app
    processes: { java: { args: [-Dbase=app] } }
`)
    const services = '{ web: running, app: running }'
    assert.throws(
      () => built.expand(play('serial: 2', services)),
      /play.yml:1:3: app on h\d \(batch 1\) requires web on h3, which this play starts only in batch 2/,
    )
    assert.throws(
      () =>
        built.expand(play('serial: 2', '{ web: stopped, app: stopped }').replace('hosts: all', 'hosts: "h3:h4:h1:h2"')),
      /web on h3 \(batch 1\) is required by app on h1, which this play stops only in batch 2/,
    )
    built.expand(play('serial: 2', '{ web: stopped, app: stopped }'))
  })

  test('starts what requires something of an earlier batch only if that runs', async () => {
    const built = webs(`  app:
    hosts: h3
    requires: db
    script: /init/app
    processes: { java: { args: [-Dbase=app] } }
  db:
    hosts: h1
    script: /init/db
    processes: { java: { args: [-Dbase=db] } }
    ready: { within: 2s, stable: 1s }
`)
    const [first, third] = [hostOf(built, 'h1'), hostOf(built, 'h3')]
    first.scripts.add('/init/db')
    third.scripts.add('/init/app')
    first.commands.set('/init/db start', () => {})
    third.commands.set('/init/app start', host => void host.spawn(['java', '-Dbase=app']))
    const book = play('serial: 2', '{ web: running, app: running, db: running }')
    const bad = await built.run(book)
    assert.match(story(bad).join('\n'), /skipped app@h3|failed app@h3/)
    assert.equal(launched(built, 'h3'), ['/init/web start'])
    first.commands.set('/init/db start', host => void host.spawn(['java', '-Dbase=db']))
    const good = await built.run(book)
    assert.equal([good.exitCode, launched(built, 'h3')], [0, ['/init/web start', '/init/app start']])
  })
})

describe('a rollback', test => {
  const stopping = 'canary: 2, gate: { command: exit 3, within: 1s }'

  test('stops what the failed batch had begun, where the catalog allows that, and nothing else', async () => {
    const built = webs('    rollback: stop')
    const ended = await built.run(play(stopping), { rollback: 'stop' })
    assert.equal(
      all.map(name => hostOf(built, name).ran.filter(command => command.startsWith('/init'))),
      [['/init/web start', '/init/web stop'], ['/init/web start', '/init/web stop'], [], [], [], []],
    )
    assert.is(ended.exitCode, 2)
    assert.ok(ended.facts.some(fact => fact._tag === 'PlayStarted' && fact.name === 'Rollback of web: stop'))
  })

  test('restarts it once, and is not done unasked, nor where it is not allowed', async () => {
    const built = webs('    rollback: [stop, restart]')
    await built.run(play(stopping), { rollback: 'restart' })
    assert.equal(
      launched(built, 'h1').filter(command => command.startsWith('/init')),
      ['/init/web start', '/init/web stop', '/init/web start'],
    )
    for (const [keys, options] of [
      ['    rollback: stop', {}],
      ['', { rollback: 'stop' }],
    ] as const) {
      const other = webs(keys)
      await other.run(play(stopping), options)
      assert.not.ok(hostOf(other, 'h1').ran.includes('/init/web stop'))
    }
  })

  test('is not done to a rollout that went well', async () => {
    const built = webs('    rollback: stop')
    const ended = await built.run(play('canary: 2'), { rollback: 'stop' })
    assert.equal([ended.exitCode, hostOf(built, 'h1').ran.includes('/init/web stop')], [0, false])
  })
})

describe('a rolling restart', test => {
  const restart = (keys: string) => play(keys, '{ web: { state: running, started_after: "1970-01-01T01:00:00Z" } }')

  /** Runs it on six instances that run, and notes the most that were away at once. */
  const roll = async (built: Estate, keys: string, options: Parameters<Estate['run']>[1] = {}) => {
    await built.run(play('serial: 6'))
    const down = () => all.filter(name => hostOf(built, name).processes.size === 0).length
    let most = 0
    for (const name of all) {
      const host = hostOf(built, name)
      const stop = host.commands.get('/init/web stop')
      host.commands.set('/init/web stop', () => {
        stop?.(host)
        most = Math.max(most, down())
      })
    }
    const ended = await built.run(restart(keys), options)
    return { ended, most }
  }

  test('takes away no more than it may, counted from what is seen', async () => {
    const { ended, most } = await roll(webs('    max_unavailable: 2'), 'pause_between: 0s')
    assert.equal([ended.exitCode, most], [0, 2])
    assert.is(begun(ended).length, 6)
    const quarter = await roll(webs(), 'max_unavailable: 25%')
    assert.equal([quarter.ended.exitCode, quarter.most], [0, 1])
    const free = await roll(webs(), 'serial: 6')
    assert.equal([free.ended.exitCode, free.most], [0, 6])
  })

  test('counts those that something else has taken away, and waits for them no longer than a start may take', async () => {
    const built = webs('    max_unavailable: 2')
    await built.run(play('serial: 6'))
    for (const name of ['h5', 'h6']) {
      hostOf(built, name).processes.clear()
      breakOn(built, name)
    }
    const ended = await built.run(
      `- { name: web, hosts: "h1:h2", catalog: catalog.yml, services: { web: { state: running, started_after: "1970-01-01T01:00:00Z" } } }`,
    )
    assert.equal(begun(ended), [])
    assert.match(
      whyFailed(ended),
      /2 of 6 instances are away and no more than 2 may be: web@h5 \(stopped\), web@h6 \(stopped\)/,
    )
    assert.is(ended.exitCode, 2)
  })

  test('goes on as soon as what was away is back', async () => {
    const built = webs('    max_unavailable: 1')
    await built.run(play('serial: 6'))
    const host = hostOf(built, 'h6')
    host.processes.clear()
    let waited = false
    const ended = await built.run(restart('any_errors_fatal: true').replace('hosts: all', 'hosts: h1'), {
      onFact: fact => {
        if (fact._tag !== 'StepWaited' || !fact.for.startsWith('others of it')) return
        waited = true
        host.spawn(['java', '-Dbase=web'], { listens: [80] })
      },
    })
    assert.equal([ended.exitCode, begun(ended), waited], [0, ['h1'], true])
  })

  test('does not go on from one that did not come back', async () => {
    const built = webs('    max_unavailable: 1')
    await built.run(play('serial: 6'))
    breakOn(built, 'h2')
    const ended = await built.run(restart('max_fail_percentage: 100'))
    const stops = all.filter(name => hostOf(built, name).ran.includes('/init/web stop'))
    assert.equal(stops.at(-1), 'h2')
    assert.is(ended.exitCode, 2)
  })

  test('looks at none of the others where there is nothing to do', async () => {
    const built = webs('    max_unavailable: 1')
    await built.run(play('serial: 6'))
    for (const name of all) hostOf(built, name).ran.length = 0
    await built.run(play('serial: 6').replace('hosts: all', 'hosts: h1'))
    assert.equal(
      all.map(name => hostOf(built, name).ran.length),
      [1, 0, 0, 0, 0, 0],
    )
  })
})
