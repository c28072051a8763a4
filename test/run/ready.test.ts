import * as assert from 'uvu/assert'
import type { AskFromHere } from '../../lib/remote/check.js'
import { estate } from '../helpers/estate.js'
import { describe } from '../helpers/test.js'
import { hostOf, launched, play, story, whyFailed } from './builders.js'

/** `app` on h1 opens its port 1.5 s after its start. */
const oneHost = (rules: string, askFromHere?: AskFromHere) => {
  const built = estate(
    `
services:
  app:
    hosts: h1
    script: /etc/init.d/app
    processes: { main: { args: [-Dbase=app], listens: 80 } }
    stop: { within: 2s }
    ${rules}
`,
    'all: { hosts: { h1: } }',
    askFromHere,
  )
  const host = hostOf(built, 'h1')
  host.scripts.add('/etc/init.d/app')
  host.commands.set('/etc/init.d/app start', () => {
    host.spawn(['java', '-Dbase=app'], { listens: [80], opensAfterMs: 1500 })
  })
  host.commands.set('/etc/init.d/app stop', () => host.processes.clear())
  return {
    built,
    host,
    start: () => built.run(play({ app: 'running' })),
    stop: () => built.run(play({ app: 'stopped' })),
  }
}

const url = 'http://127.0.0.1:80/'
const http = (status: number, body = '') => ({ code: 0, body: `HTTP/1.1 ${status} x\r\n\r\n${body}` })

const waits = ({ facts }: Awaited<ReturnType<ReturnType<typeof oneHost>['start']>>) =>
  facts.flatMap(fact => (fact._tag === 'StepWaited' ? [fact.for] : []))

describe('a start with checks of readiness', test => {
  test('asks nobody before it runs, waits until the answer is right, and goes on asking while it holds', async () => {
    const { built, host, start } = oneHost(`ready: { within: 20s, stable: 2s, http: { url: "${url}", body: UP } }`)
    const asked: number[] = []
    host.check = what => {
      assert.is(what, url)
      assert.ok(
        [...host.processes.values()].every(({ opensMs }) => opensMs <= host.clock.now()),
        'asked too early',
      )
      asked.push(host.clock.now())
      return asked.length < 4 ? http(503, 'warming up') : http(200, 'UP')
    }
    const ended = await start()
    assert.is(ended.exitCode, 0, whyFailed(ended))
    assert.ok(
      waits(ended).includes(`running, not ready: http ${url} from the host: status 503, not 200; it said "warming up"`),
    )
    assert.ok(asked.length > 5, 'it was asked again while it held')
    assert.equal(launched(built, 'h1'), ['/etc/init.d/app start'])
  })

  test('fails with the last reason when the answer is never right, and starts nothing twice', async () => {
    const { built, host, start } = oneHost(`ready: { within: 10s, stable: 2s, command: /bin/check }`)
    let i = 0
    host.check = () => {
      i += 1
      return { code: 3, body: `first\nno ${i}\n` }
    }
    const ended = await start()
    assert.equal(story(ended), ['begin app@h1', 'failed app@h1'])
    assert.match(whyFailed(ended), new RegExp(`^it runs, and is not ready after 10 s: command /bin/check: no ${i}\n`))
    assert.equal(launched(built, 'h1'), ['/etc/init.d/app start'])
  })

  test('fails when the answer is no longer right while it should hold', async () => {
    const { host, start } = oneHost(`ready: { within: 10s, stable: 5s, http: "${url}" }`)
    let i = 0
    host.check = () => {
      i += 1
      return http(i < 3 ? 200 : 500)
    }
    const ended = await start()
    assert.match(
      whyFailed(ended),
      /^it was ready, and within \d.* s no longer: http .*: status 500, not 200; it said nothing/,
    )
  })

  test('says of a service that does not even run just that', async () => {
    const { host, start } = oneHost(`ready: { within: 5s, http: "${url}" }`)
    host.commands.set('/etc/init.d/app start', () => {})
    assert.match(whyFailed(await start()), /^it is not running after 5 s; it is stopped\n/)
  })

  test('counts no line of a log that was there before the start', async () => {
    const { host, start } = oneHost(`ready: { within: 10s, stable: 0s, log: { file: /log, line: started } }`)
    host.files.set('/log', 'started long ago\n')
    const begin = host.commands.get('/etc/init.d/app start')
    host.commands.set('/etc/init.d/app start', () => {
      begin?.(host)
      host.files.set('/log', `${host.files.get('/log')}warming up\n`)
    })
    const ended = await start()
    assert.match(whyFailed(ended), /log \/log: no line with "started" in the 11 bytes written since the start/)
    host.processes.clear()
    host.commands.set('/etc/init.d/app start', () => {
      begin?.(host)
      host.files.set('/log', `${host.files.get('/log')}started anew\n`)
    })
    assert.is((await start()).exitCode, 0)
  })

  test('says that a log was left out where something else has started the service', async () => {
    const { host, start } = oneHost(`ready: { within: 10s, stable: 0s, log: { file: /log, line: started } }`)
    host.spawn(['java', '-Dbase=app'], { listens: [80], opensAfterMs: 1500 })
    const { facts } = await start()
    const done = facts.find(fact => fact._tag === 'StepSucceeded')
    assert.match(done?.now ?? '', /; log \/log was not looked at, as its start was not seen$/)
  })

  test('asks from here what is to be asked from here, and where the host is reached', async () => {
    const asked: string[] = []
    const { start } = oneHost(
      `ready: { within: 10s, stable: 0s, tcp: { port: 80, from: controller } }`,
      async (check, address) => {
        asked.push(`${JSON.stringify(check)} ${address}`)
        return asked.length < 3 ? { _tag: 'No', why: 'refused' } : { _tag: 'Yes' }
      },
    )
    const ended = await start()
    assert.is(ended.exitCode, 0)
    assert.is(asked.length, 3)
    assert.match(asked[0] ?? '', /"port":80.* h1$/)
    assert.ok(waits(ended).includes('running, not ready: tcp 80 from the controller: refused'))
  })
})

describe('a failure', test => {
  test('shows what the script printed and then what is new in the logs, and that one is missing', async () => {
    const { host, start } = oneHost('ready: { within: 5s }\n    log: [/log, /other]')
    host.files.set('/log', 'Address already in use\n')
    host.commands.set(
      '/etc/init.d/app start',
      () => void host.files.set('/log', 'Address already in use\nwhat went wrong\n'),
    )
    assert.match(
      whyFailed(await start()),
      /printed:\nStarting\.\nnew in \/log:\nwhat went wrong\n\/other: there is no such file on the host$/,
    )
    assert.is(host.ran.filter(what => what === 'logs').length, 1)
  })

  test('of a stop shows them too, and says where nothing is', async () => {
    const { host, start, stop } = oneHost('log: /log')
    host.files.set('/log', 'started\n')
    await start()
    host.commands.set('/etc/init.d/app stop', () => {})
    assert.match(whyFailed(await stop()), /still there: .*\n(.*\n)*nothing new in \/log$/)
  })

  test('is none when nothing fails: no log is read', async () => {
    const { host, start, stop } = oneHost('log: /log')
    assert.is((await start()).exitCode + (await stop()).exitCode, 0)
    assert.not.ok(host.ran.includes('logs'))
  })
})

describe('a host with systemd', test => {
  test('has a unit restarted that it takes for active, and the script called again after a stop', async () => {
    const { built, host, start, stop } = oneHost('ready: { within: 5s }')
    const begin = host.commands.get('/etc/init.d/app start')
    host.units = new Map([['app.service', 'active exited']])
    host.commands.set('systemctl restart app.service', () => begin?.(host))
    host.commands.set('/etc/init.d/app start', () => {})
    assert.is((await start()).exitCode, 0)
    assert.is((await stop()).exitCode, 0)
    host.units = new Map()
    host.commands.set('/etc/init.d/app start', () => begin?.(host))
    assert.is((await start()).exitCode, 0)
    assert.equal(launched(built, 'h1'), [
      'systemctl restart app.service',
      '/etc/init.d/app stop',
      '/etc/init.d/app start',
    ])
  })

  test('has it planned as it will be once an earlier play has stopped the service', async () => {
    const { built, host, start } = oneHost('ready: { within: 5s }')
    await start()
    host.units = new Map([['app.service', 'active exited']])
    const { plays } = await built.plan(`${play({ app: 'stopped' })}\n${play({ app: 'running' })}`)
    const commands = plays.flatMap(({ steps }) =>
      steps.flatMap(({ action }) => ('launches' in action ? action.launches.map(({ command }) => command) : [])),
    )
    assert.equal(commands, ['/etc/init.d/app stop', '/etc/init.d/app start'])
  })
})
