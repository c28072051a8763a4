import * as assert from 'uvu/assert'
import type { HostName } from '../../lib/model/names.js'
import { estate } from '../helpers/estate.js'
import { describe } from '../helpers/test.js'
import { both, hostOf, launched, neither, play, story, twoHosts, whyFailed } from './builders.js'

describe('a run', test => {
  test('tells of all that is as it should be in the order of the plan, however many there are', async () => {
    const names = Array.from({ length: 1_203 }, (_, i) => `s${i}`)
    const services = names.map(name => `${name}: { hosts: h, script: /x, processes: { m: { args: [${name}] } } }`)
    const { run, plan } = estate(`services: { ${services.join(', ')} }`, 'all: { hosts: { h: {} } }')
    const play = `- { hosts: all, catalog: catalog.yml, services: { ${names.map(name => `${name}: stopped`).join(', ')} } }`
    const planned = (await plan(play)).plays.flatMap(({ steps }) => steps.map(({ id }) => id))
    const { exitCode, facts } = await run(play)
    const told = facts.flatMap(fact => (fact._tag === 'StepSucceeded' ? [fact.id] : []))
    const last = facts.at(-1)
    assert.equal([exitCode, told], [0, planned])
    assert.equal(last?._tag === 'RunEnded' && last.recap.get('h' as HostName)?.ok, 1_203)
  })

  test('starts what is required first, on whichever host it is, and waits until it really runs', async () => {
    const ended = await twoHosts().run(both)
    assert.equal(story(ended), ['begin km@km1', 'changed km@km1', 'begin dispatcher@app1', 'changed dispatcher@app1'])
    assert.is(ended.exitCode, 0)
  })

  test('runs one script on each host and launches nothing when all is as it should be', async () => {
    const estate = twoHosts()
    await estate.run(both)
    for (const host of Object.values(estate.hosts)) host.ran.length = 0
    const again = await estate.run(both)
    assert.equal(story(again), ['ok km@km1', 'ok dispatcher@app1'].sort())
    assert.equal(
      Object.values(estate.hosts).map(host => host.ran),
      [['look'], ['look']],
    )
  })

  test('stops backwards and leaves running what a stop should keep', async () => {
    const estate = twoHosts()
    await estate.run(both)
    const ended = await estate.run(neither)
    assert.equal(
      story(ended).filter(line => line.startsWith('changed')),
      ['changed dispatcher@app1', 'changed km@km1'],
    )
    assert.equal(
      [...hostOf(estate, 'app1').processes.values()].map(({ args }) => args),
      [['sh', '/dispatcher/pinger']],
    )
  })

  test('starts only the missing process where its sibling survived the stop', async () => {
    const estate = twoHosts()
    await estate.run(both)
    await estate.run(neither)
    hostOf(estate, 'app1').ran.length = 0
    await estate.run(both)
    assert.equal(launched(estate, 'app1'), ['/dispatcher/tomcat start'])
    assert.is([...hostOf(estate, 'app1').processes.values()].length, 2)
  })

  test('starts a service once, however long its port takes, and says so when it never opens', async () => {
    const estate = twoHosts()
    hostOf(estate, 'km1').commands.set('/init/km start', host => void host.spawn(['java', '-Dbase=km']))
    const ended = await estate.run(both)
    assert.equal(launched(estate, 'km1'), ['/init/km start'])
    assert.match(whyFailed(ended), /km1|not running after 10 s; it is (starting|hung).*2013/)
    assert.match(whyFailed(ended), /script ended with 0 and printed:\nStarting\./)
  })

  test('holds back what requires a failed service and nothing else', async () => {
    const estate = twoHosts()
    hostOf(estate, 'km1').commands.set('/init/km start', () => {})
    const ended = await estate.run(both)
    assert.equal(story(ended), ['begin km@km1', 'failed km@km1', 'skipped dispatcher@app1'])
    assert.equal(launched(estate, 'app1'), [])
    assert.is(ended.exitCode, 2)
  })

  test('calls a service that dies within its stable time failed', async () => {
    const estate = twoHosts()
    const host = hostOf(estate, 'km1')
    const ended = await estate.run(both, {
      onFact: fact => {
        if (fact._tag === 'StepWaited' && fact.for.startsWith('running; holding')) host.processes.clear()
      },
    })
    assert.match(whyFailed(ended), /it ran, and within .* it had died/)
    assert.equal(launched(estate, 'km1'), ['/init/km start'])
  })

  test('believes what it sees and not the exit code of a script that failed after doing its job', async () => {
    const estate = twoHosts()
    hostOf(estate, 'km1').fault = kind => (kind === 'launch' ? { _tag: 'BadAnswer', why: 'garbled' } : null)
    assert.is((await estate.run(play({ km: 'running' }))).exitCode, 0)
  })

  test('looks again and launches nothing twice when the link is lost during a start', async () => {
    const estate = twoHosts()
    hostOf(estate, 'km1').fault = kind => (kind === 'launch' ? { _tag: 'Lost', why: 'the link went away' } : null)
    const ended = await estate.run(both)
    assert.is(ended.exitCode, 0)
    assert.equal(launched(estate, 'km1'), ['/init/km start'])
  })

  test('goes on with the other hosts when one is out of reach', async () => {
    const estate = twoHosts()
    hostOf(estate, 'app1').down = { _tag: 'Unreachable', why: 'no route' }
    const ended = await estate.run(both)
    assert.equal(story(ended), ['unreachable dispatcher@app1', 'begin km@km1', 'changed km@km1'])
    assert.is(ended.exitCode, 4)
  })

  test('starts nothing that requires a service on a host that is out of reach', async () => {
    const estate = twoHosts()
    hostOf(estate, 'km1').down = { _tag: 'Unreachable', why: 'no route' }
    assert.equal(story(await estate.run(both)), ['unreachable km@km1', 'skipped dispatcher@app1'])
    assert.equal(launched(estate, 'app1'), [])
  })

  test('looks at a required service that the play does not start, and refuses while it does not run', async () => {
    const estate = twoHosts()
    const refused = await estate.run(play({ dispatcher: 'running' }))
    assert.match(whyFailed(refused), /it requires km on km1, which is stopped/)
    assert.equal(launched(estate, 'app1'), [])
  })

  test('gives up a start when a person was quicker, and calls it done', async () => {
    const estate = twoHosts()
    const app = hostOf(estate, 'app1')
    const ended = await estate.run(both, {
      onFact: fact => {
        if (fact._tag !== 'StepSucceeded' || String(fact.id) !== 'km@km1') return
        app.spawn(['sh', '/dispatcher/pinger'])
        app.spawn(['java', '-Dbase=dispatcher'], { listens: [3302] })
      },
    })
    assert.equal(launched(estate, 'app1'), [])
    assert.is(story(ended).at(-1), 'ok dispatcher@app1')
  })

  test('gives up a start when something else moved since the plan', async () => {
    const estate = twoHosts()
    const ended = await estate.run(both, {
      onFact: fact => {
        if (fact._tag === 'StepSucceeded' && String(fact.id) === 'km@km1')
          hostOf(estate, 'app1').spawn(['sh', '/dispatcher/pinger'])
      },
    })
    assert.match(whyFailed(ended), /changed since the plan: it was stopped; it is degraded/)
    assert.equal(launched(estate, 'app1'), [])
  })

  test('begins nothing new once it is interrupted, and finishes what it had begun', async () => {
    const estate = twoHosts()
    const controller = new AbortController()
    const ended = await estate.run(both, {
      signal: controller.signal,
      onFact: fact => void (fact._tag === 'StepStarted' && controller.abort()),
    })
    assert.equal(story(ended), ['begin km@km1', 'changed km@km1', 'skipped dispatcher@app1'])
    assert.is(ended.exitCode, 99)
  })

  test('plans a later play on what the earlier one should leave, and runs it on what it did', async () => {
    const estate = twoHosts()
    await estate.run(both)
    const restart = `${neither}\n${both}`
    const planned = await estate.plan(restart)
    assert.equal(
      planned.plays.map(({ steps }) => steps.map(({ action }) => action._tag)),
      [
        ['Stop', 'Stop'],
        ['Start', 'Start'],
      ],
    )
    assert.is((await estate.run(restart)).exitCode, 0)
    assert.is(hostOf(estate, 'app1').processes.size, 2)
  })

  test('looks again before a later play, at all that play has to do with', async () => {
    const estate = twoHosts()
    await estate.run(play({ km: 'running' }))
    const first = '- { hosts: all, catalog: catalog.yml, services: { km: running } }'
    const ended = await estate.run(`${first}\n${play({ dispatcher: 'running' })}`, {
      onFact: fact => {
        if (fact._tag === 'PlayStarted') hostOf(estate, 'km1').processes.clear()
      },
    })
    assert.match(whyFailed(ended), /it requires km on km1, which is stopped/)
    assert.equal(launched(estate, 'app1'), [])
  })

  test('does not know what became of a start whose host is then lost, and says so', async () => {
    const estate = twoHosts()
    const km = hostOf(estate, 'km1')
    const ended = await estate.run(both, {
      onFact: fact => {
        if (fact._tag === 'StepStarted') km.fault = () => ({ _tag: 'Lost', why: 'the link went away' })
      },
    })
    assert.equal(story(ended), ['begin km@km1', 'unreachable km@km1', 'skipped dispatcher@app1'])
    assert.is(ended.exitCode, 4)
  })

  test('begins its stable time anew when a launcher makes room for the daemon', async () => {
    const estate = twoHosts()
    const km = hostOf(estate, 'km1')
    let replaced = false
    const ended = await estate.run(play({ km: 'running' }), {
      onFact: fact => {
        if (replaced || fact._tag !== 'StepWaited' || !fact.for.startsWith('running; holding')) return
        replaced = true
        km.processes.clear()
        km.spawn(['java', '-Dbase=km'], { listens: [2013] })
      },
    })
    assert.is(ended.exitCode, 0)
  })

  test('changes nothing when it only plans', async () => {
    const estate = twoHosts()
    await estate.plan(both)
    assert.equal(
      Object.values(estate.hosts).map(host => host.ran),
      [['look'], ['look']],
    )
  })
})

describe('a stop', test => {
  test('sends what is declared, one stage after the other, to those that do not go', async () => {
    const estate = twoHosts()
    await estate.run(both)
    const app = hostOf(estate, 'app1')
    app.commands.set('/init/dispatcher stop', () => {})
    app.ignoresTerm = true
    const tomcat = [...app.processes.values()].find(({ args }) => args.includes('-Dbase=dispatcher'))?.pid
    app.ran.length = 0
    const ended = await estate.run(neither)
    assert.equal(launched(estate, 'app1'), ['/init/dispatcher stop', `TERM ${tomcat}`, `KILL ${tomcat}`])
    assert.is(ended.exitCode, 0)
  })

  test('sends nothing that is not declared, and says what can be', async () => {
    const estate = twoHosts()
    await estate.run(both)
    hostOf(estate, 'km1').commands.set('/init/km stop', () => {})
    const ended = await estate.run(neither)
    assert.match(whyFailed(ended), /still there: pid \d+ \(java -Dbase=km\)/)
    assert.is(hostOf(estate, 'km1').processes.size, 1)
  })

  test('says once whom it waits for, also where nobody goes', async () => {
    const estate = twoHosts()
    await estate.run(both)
    hostOf(estate, 'km1').commands.set('/init/km stop', () => {})
    const { facts } = await estate.run(neither)
    const waits = facts.flatMap(fact => (fact._tag === 'StepWaited' && fact.id.startsWith('km@') ? [fact.for] : []))
    assert.equal(waits, ['1 of 1 processes to go'])
  })

  test('watches the children that are there when it begins, not those of the plan', async () => {
    const estate = twoHosts()
    await estate.run(both)
    const app = hostOf(estate, 'app1')
    const tomcat = [...app.processes.values()].find(({ args }) => args.includes('-Dbase=dispatcher'))
    const child = app.spawn(['java', '-Dbase=dispatcher'], { ppid: tomcat?.pid ?? 0 })
    app.commands.set('/init/dispatcher stop', host => {
      for (const { pid, args } of [...host.processes.values()])
        if (args.includes('-Dbase=dispatcher')) host.processes.delete(pid)
    })
    const ended = await estate.run(neither, {
      onFact: fact => {
        if (fact._tag !== 'Planned') return
        app.processes.delete(child)
        app.spawn(['java', '-Dbase=dispatcher'], { ppid: tomcat?.pid ?? 0 })
      },
    })
    assert.is(ended.exitCode, 0, whyFailed(ended))
  })

  test('reports what comes back by itself and does not fight it', async () => {
    const estate = twoHosts()
    await estate.run(both)
    const km = hostOf(estate, 'km1')
    const stop = km.commands.get('/init/km stop')
    km.commands.set('/init/km stop', host => {
      stop?.(host)
      host.spawn(['java', '-Dbase=km'], { listens: [2013] })
    })
    assert.match(whyFailed(await estate.run(neither)), /restarted by something else: pid \d+/)
    assert.is(launched(estate, 'km1').filter(command => command.endsWith('stop')).length, 1)
  })
})
