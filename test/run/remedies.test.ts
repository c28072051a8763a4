import * as assert from 'uvu/assert'
import type { SimulatedHost } from '../../lib/remote/simulated/host.js'
import { type Estate, estate } from '../helpers/estate.js'
import { describe } from '../helpers/test.js'
import { hostOf, story, whyFailed } from './builders.js'

/** A web server of two processes, one of which survives a stop, with these keys besides. */
const web = (keys = ''): Estate => {
  const built = estate(
    `
services:
  web:
    hosts: h1
    script: /init/web
    processes:
      main: { args: [-Dbase=web], listens: 80, start: /web/main start }
      agent: { args: [/web/agent], start: /web/agent start, on_stop: keep }
    ready: { within: 10s, stable: 1s }
    stop: { within: 5s, then: [TERM, 2s] }
${keys}`,
    'all: { hosts: { h1: } }',
  )
  const host = hostOf(built, 'h1')
  const main = () => void host.spawn(['java', '-Dbase=web'], { listens: [80], opensAfterMs: 100 })
  const agent = () => void host.spawn(['sh', '/web/agent'])
  host.scripts.add('/init/web')
  host.commands.set('/web/main start', main)
  host.commands.set('/web/agent start', agent)
  host.commands.set('/init/web start', () => {
    main()
    agent()
  })
  host.commands.set('/init/web stop', () => {
    for (const { pid, args } of [...host.processes.values()])
      if (args.includes('-Dbase=web')) host.processes.delete(pid)
  })
  return built
}

const running = '- { hosts: all, catalog: catalog.yml, services: { web: running } }'
const after = (ms: number) =>
  `- { hosts: all, catalog: catalog.yml, services: { web: { state: running, started_after: "${new Date(ms).toISOString()}" } } }`

const acts = ({ ran }: SimulatedHost): readonly string[] => ran.filter(script => script !== 'look')
const pidsOf = (host: SimulatedHost, word: string): readonly number[] =>
  [...host.processes.values()].filter(({ args }) => args.includes(word)).map(({ pid }) => pid)

describe('a restart', test => {
  test('stops and starts what is older than that, leaves what survives a stop, and does nothing the second time', async () => {
    const built = web()
    const host = hostOf(built, 'h1')
    await built.run(running)
    const [agent] = pidsOf(host, '/web/agent')
    await host.clock.sleep(60_000)
    const since = host.clock.now()
    await host.clock.sleep(1_000)
    host.ran.length = 0
    const first = await built.run(after(since))
    assert.equal([first.exitCode, story(first)], [0, ['begin web@h1', 'changed web@h1']], whyFailed(first))
    assert.equal(acts(host), ['/init/web stop', '/web/main start'])
    assert.equal(pidsOf(host, '/web/agent'), [agent])
    host.ran.length = 0
    const again = await built.run(after(since))
    assert.equal([story(again), acts(host)], [['ok web@h1'], []])
  })

  test('only starts what is stopped, as after a restart that was cut short', async () => {
    const built = web()
    const host = hostOf(built, 'h1')
    const ended = await built.run(after(host.clock.now()))
    assert.equal([ended.exitCode, acts(host)], [0, ['/init/web start']])
  })

  test('stops nothing that it would not know how to start again', async () => {
    const built = estate(
      'services: { web: { hosts: h1, processes: { main: { args: [-Dbase=web] } }, stop: { then: [TERM] } } }',
      'all: { hosts: { h1: } }',
    )
    const host = hostOf(built, 'h1')
    host.spawn(['java', '-Dbase=web'])
    await host.clock.sleep(60_000)
    const ended = await built.run(after(host.clock.now()))
    assert.match(whyFailed(ended), 'no way to start it is declared')
    assert.equal(acts(host), [])
  })

  test('does not start again what did not stop', async () => {
    const built = web()
    const host = hostOf(built, 'h1')
    await built.run(running)
    host.commands.set('/init/web stop', () => {})
    host.ignoresTerm = true
    await host.clock.sleep(60_000)
    host.ran.length = 0
    const ended = await built.run(after(host.clock.now()))
    assert.match(whyFailed(ended), 'still there')
    assert.equal(acts(host).includes('/web/main start'), false)
  })
})

describe('a duplicate', test => {
  const withTwo = async (keys: string, listens: readonly number[]) => {
    const built = web(keys)
    const host = hostOf(built, 'h1')
    await built.run(running)
    const [first = 0] = pidsOf(host, '-Dbase=web')
    const second = host.spawn(['java', '-Dbase=web'], { listens })
    host.ran.length = 0
    return { built, host, first, second }
  }

  test('is refused with the way out, unless the catalog says otherwise', async () => {
    const { built, host, first, second } = await withTwo('', [])
    const ended = await built.run(running)
    assert.match(whyFailed(ended), `2 copies of main: pid ${first}, ${second}`)
    assert.equal(acts(host), [])
  })

  test('with keep_port_owner loses the copies that do not hold the port, each by its own signal', async () => {
    const { built, host, first, second } = await withTwo('    on_duplicate: keep_port_owner', [])
    const ended = await built.run(running)
    assert.equal([ended.exitCode, acts(host)], [0, [`TERM ${second}`]], whyFailed(ended))
    assert.equal(pidsOf(host, '-Dbase=web'), [first])
  })

  test('with keep_port_owner is refused all the same where both hold it, or nothing may be sent', async () => {
    const both = await withTwo('    on_duplicate: keep_port_owner', [80])
    assert.match(whyFailed(await both.built.run(running)), 'which of them to keep no port tells (main)')
    assert.equal(acts(both.host), [])
  })
})

describe('what hangs', test => {
  const frozen = async (keys: string) => {
    const built = web(keys)
    const host = hostOf(built, 'h1')
    await built.run(running)
    for (const process of host.processes.values()) if (process.args.includes('-Dbase=web')) process.state = 'T'
    host.ran.length = 0
    return { built, host }
  }

  test('is refused with the way out, unless the catalog says otherwise', async () => {
    const { built, host } = await frozen('')
    assert.match(whyFailed(await built.run(running)), 'is stopped by a signal')
    assert.equal(acts(host), [])
  })

  test('with on_hung: restart is stopped and started again', async () => {
    const { built, host } = await frozen('    on_hung: restart')
    const ended = await built.run(running)
    assert.equal([ended.exitCode, acts(host)], [0, ['/init/web stop', '/web/main start']], whyFailed(ended))
  })
})

describe('hooks', test => {
  const keys = `
    before: { start: { command: /lb/check }, stop: [{ command: /lb/drain, unless: /lb/is-drained }] }
    after: { start: { command: /lb/undrain }, stop: { command: /lb/note } }`
  const balanced = (commands: readonly string[]) => {
    const built = web(keys)
    const host = hostOf(built, 'h1')
    for (const command of commands) host.commands.set(command, () => {})
    return { built, host }
  }
  const all = ['/lb/check', '/lb/drain', '/lb/undrain', '/lb/note']

  test('stand around the start and the stop', async () => {
    const { built, host } = balanced(all)
    await built.run(running)
    assert.equal(acts(host), ['/lb/check', '/init/web start', '/lb/undrain'])
    host.ran.length = 0
    await host.clock.sleep(60_000)
    const ended = await built.run(after(host.clock.now()))
    assert.is(ended.exitCode, 0, whyFailed(ended))
    assert.equal(acts(host), ['/lb/drain', '/init/web stop', '/lb/note', '/lb/check', '/web/main start', '/lb/undrain'])
  })

  test('are left out where their `unless` says that there is nothing to do, and where nothing is done', async () => {
    const { built, host } = balanced([...all, '/lb/is-drained'])
    await built.run(running)
    host.ran.length = 0
    await built.run(running)
    assert.equal(acts(host), [])
    await built.run('- { hosts: all, catalog: catalog.yml, services: { web: stopped } }')
    assert.equal(acts(host), ['/init/web stop', '/lb/note'])
  })

  test('that fail end the step, and what they stand before is not done', async () => {
    const { built, host } = balanced(['/lb/check', '/lb/undrain'])
    await built.run(running)
    host.ran.length = 0
    const ended = await built.run('- { hosts: all, catalog: catalog.yml, services: { web: stopped } }')
    assert.match(whyFailed(ended), 'hook before the stop ended with 127\nnot found')
    assert.equal(acts(host), ['/lb/drain'])
    assert.is(pidsOf(host, '-Dbase=web').length, 1)
  })
})

describe('a stop that cannot be carried out as declared', test => {
  const stopped = '- { hosts: all, catalog: catalog.yml, services: { web: stopped } }'
  const stubborn = async () => {
    const built = web()
    const host = hostOf(built, 'h1')
    await built.run(running)
    host.commands.set('/init/web stop', () => {})
    host.ran.length = 0
    return { built, host }
  }

  test('sends no KILL where it is not known that the TERM arrived', async () => {
    const built = estate(
      'services: { web: { hosts: h1, processes: { main: { args: [-Dbase=web] } }, stop: { then: [TERM, 2s, KILL] } } }',
      'all: { hosts: { h1: } }',
    )
    const host = hostOf(built, 'h1')
    host.spawn(['java', '-Dbase=web'])
    host.fault = kind => (kind === 'signal' ? { _tag: 'Lost', why: 'the link went away' } : null)
    const ended = await built.run(stopped)
    assert.is(ended.exitCode, 4)
    assert.equal(acts(host), [])
    assert.is(pidsOf(host, '-Dbase=web').length, 1)
  })

  test('says what is still there, and signals what is declared where the script does nothing', async () => {
    const { built, host } = await stubborn()
    assert.is((await built.run(stopped)).exitCode, 0)
    assert.match(acts(host).join(' '), /^\/init\/web stop TERM \d+$/)
  })
})

describe('what has come to itself since the plan', test => {
  test('is not restarted: it is looked at right before', async () => {
    const built = web('    on_hung: restart\n    before: { stop: { command: /lb/drain } }')
    const host = hostOf(built, 'h1')
    await built.run(running)
    for (const process of host.processes.values()) if (process.args.includes('-Dbase=web')) process.state = 'T'
    host.ran.length = 0
    const ended = await built.run(running, {
      onFact: fact => {
        if (fact._tag === 'StepStarted') for (const process of host.processes.values()) process.state = 'S'
      },
    })
    assert.equal([ended.exitCode, acts(host)], [0, []], whyFailed(ended))
  })
})
