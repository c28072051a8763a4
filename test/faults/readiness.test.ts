import * as assert from 'uvu/assert'
import { describeFaults, type Field, matches, type ServiceText } from './field.js'
import { answersPath, askedPath, webPath, webText } from './web.js'

const ready = { within: '20s', stable: '300ms' }
const brief = { within: '3s', stable: '300ms' }
const here = 'http://127.0.0.1:2013/health'

/** A service that listens where it is told to, and is ready as the test says. */
const web = (rules: Readonly<Record<string, unknown>>, { address = '127.0.0.1', ...more } = {}): ServiceText => ({
  processes: { main: { args: [webPath], listens: 2013 } },
  start: `${webPath} ${address} 2013 >/dev/null 2>&1 &`,
  ready: rules,
  ...more,
})

const answering = async ({ install, sh }: Field, ...answers: readonly string[]): Promise<void> => {
  install(webPath, webText)
  await sh(`printf '%s\\n' "$@" >${answersPath}`, ...answers)
}

/** It is the only one of this name on its own host. */
const endWeb = async ({ sh, until }: Field): Promise<void> => {
  await sh('pkill -x web')
  await until('! pgrep -x web')
}

const changed = /^changed: \[app@/m

describeFaults('a service that is ready later than its port', test => {
  test('is waited for until it answers as declared', async field => {
    await answering(field, '503 warming up', '200 almost', '200 all UP')
    const said = await field.run(web({ ...ready, http: { url: here, body: 'UP' } }), 'running')
    matches(said.stdout, changed)
    assert.ok(Number(await field.sh(`grep -c 'GET /health ' ${askedPath}`)) > 3, 'it was asked while it held, too')
  })

  test('has failed when it never does, with what it said, which moves no cursor and runs nothing', async field => {
    await answering(field, '503 \u001b[2Jdown {{ x }} $(touch /run/made)')
    const { code, stdout } = await field.run(web({ ...brief, http: here }), 'running')
    assert.is(code, 2)
    matches(
      stdout,
      /^failed: \[app@host\d+\] it runs, and is not ready after 3 s: http http:\S+ from the host: status 503, not 200; it said "\\u\{1b\}\[2Jdown \{\{ x \}\} \$\(touch \/run\/made\)"$/m,
    )
    assert.not.ok(stdout.includes('\u001b'))
    assert.is(await field.sh('[ -e /run/made ] || echo none'), 'none')
    assert.is(await field.sh('pgrep -xc web'), '1', 'it is left as it is')
  })

  test('is asked from where it is declared: what only the host can reach is not ready for others', async field => {
    await answering(field, '200 UP')
    const there = `http://${field.host.address}:2013/health`
    for (const check of [{ http: { url: there, from: 'controller' } }, { tcp: { port: 2013, from: 'controller' } }]) {
      const refused = await field.run(web({ ...brief, ...check }), 'running')
      matches(refused.stdout, /not ready after 3 s: \S+ \S+ from the controller: connect ECONNREFUSED/)
      await endWeb(field)
    }
    const both = { http: [here, { url: there, from: 'controller' }], tcp: [2013, { port: 2013, from: 'controller' }] }
    matches((await field.run(web({ ...ready, ...both }, { address: '0.0.0.0' }), 'running')).stdout, changed)
  })

  test('is asked with what the host has, and never ready where that is nothing', async field => {
    await field.sh('rm -f /usr/bin/curl /usr/bin/wget')
    await answering(field, '200 UP')
    const http = { url: here, body: 'UP' }
    matches((await field.run(web({ ...ready, http }), 'running')).stdout, changed)
    await endWeb(field)
    await field.sh(`sed -i 's#^\\(root:.*:\\).*#\\1/bin/sh#' /etc/passwd; rm -f /usr/bin/bash`)
    matches((await field.run(web({ ...ready, http }), 'running')).stdout, changed)
    await endWeb(field)
    await field.sh(`rm -f /usr/bin/nc /etc/alternatives/nc`)
    const said = await field.run(web({ ...brief, http }), 'running')
    matches(
      said.stdout,
      /not ready after 3 s: http \S+ from the host: the host has no curl, no GNU wget, no bash and no nc/,
    )
  })

  test('is ready when a command of its own says so', async field => {
    await answering(field, '200 UP')
    field.install('/srv/check', '#!/bin/sh\n[ -e /run/ready ] || { echo "no /run/ready"; exit 1; }\n')
    const command = '/srv/check'
    matches(
      (await field.run(web({ ...brief, command }), 'running')).stdout,
      /not ready after 3 s: command \/srv\/check: no \/run\/ready/,
    )
    await endWeb(field)
    await field.sh(`touch /run/ready`)
    matches((await field.run(web({ ...ready, command }), 'running')).stdout, changed)
  })
})

describeFaults('a log that tells when a service is ready', test => {
  const logging = (rules: Readonly<Record<string, unknown>>, write: string): ServiceText => {
    const service = web({ ...rules, log: { file: '/srv/app.log', line: 'Server startup in' } })
    return { ...service, start: `${write}; ${webPath} 127.0.0.1 2013 >/dev/null 2>&1 &` }
  }

  test('has to be written to since the start: an old line does not count', async field => {
    await answering(field, '200 UP')
    await field.sh('echo "Server startup in 5 s" >/srv/app.log')
    const silent = await field.run(logging(brief, 'echo starting >>/srv/app.log'), 'running')
    matches(
      silent.stdout,
      /log \/srv\/app\.log: no line with "Server startup in" in the 9 bytes written since the start/,
    )
    await endWeb(field)
    const spoken = await field.run(logging(ready, 'echo "Server startup in 7 s" >>/srv/app.log'), 'running')
    matches(spoken.stdout, changed)
  })

  for (const [how, rotate] of [
    ['moved away', 'mv /srv/app.log /srv/app.log.1'],
    ['emptied', ': >/srv/app.log'],
  ] as const)
    test(`counts from its beginning when it was ${how}`, async field => {
      await answering(field, '200 UP')
      await field.sh('echo "a long line of before" >/srv/app.log')
      const said = await field.run(logging(ready, `${rotate}; echo "Server startup in 7 s" >>/srv/app.log`), 'running')
      matches(said.stdout, changed)
    })
})

describeFaults('a start that goes wrong', test => {
  test('has failed when it ends well and the service dies three seconds later, with the end of its log', async field => {
    field.install(
      '/srv/dying',
      '#!/bin/sh\nsleep 3\nprintf "first\\nout of memory \\033[2J{{ x }}\\n" >>/srv/app.log\n',
    )
    const service: ServiceText = {
      processes: { main: { args: ['/srv/dying'] } },
      start: 'echo started well; /srv/dying >/dev/null 2>&1 &',
      log: ['/srv/app.log', '/srv/none.log'],
      ready: { within: '20s', stable: '60s' },
    }
    const { code, stdout } = await field.run(service, 'running')
    assert.is(code, 2)
    matches(stdout, /^failed: \[app@host\d+\] it ran, and within [\d.]+ s it had died$/m)
    matches(
      stdout,
      /^ {4}start command ended with 0 and printed:\n {4}started well\n {4}the end of \/srv\/app\.log:\n {4}first\n {4}out of memory \\u\{1b\}\[2J\{\{ x \}\}\n {4}\/srv\/none\.log: there is no such file on the host$/m,
    )
  })

  test('is waited for as long as declared when it is slow, and not repeated', async field => {
    await answering(field, '200 UP')
    field.install(
      '/srv/slow',
      `#!/bin/sh\necho >>/run/starts\nuntil [ -e /run/go ]; do sleep 0.1; done\nexec ${webPath} "$@"\n`,
    )
    const service = web(brief, { start: '/srv/slow 127.0.0.1 2013 >/dev/null 2>&1 &' } as never)
    const slow: ServiceText = { ...service, processes: { main: { args: ['127.0.0.1', '2013'], listens: 2013 } } }
    const late = await field.run(slow, 'running')
    assert.is(late.code, 2)
    matches(late.stdout, /it is not running after 3 s; it is (starting: waiting for port 2013|hung: .*)$/m)
    matches(late.stdout, /it was started once and is not started again: name its log in the catalog/)
    await field.sh('touch /run/go')
    await field.until(`ss -ltn | grep -q :2013`)
    matches((await field.run(slow, 'running')).stdout, /nothing was changed/)
    assert.is(await field.sh('grep -c "" /run/starts'), '1')
  })

  test('says why it could not be stopped, with the end of its log', async field => {
    await answering(field, '200 UP')
    await field.sh('echo "went well" >/srv/app.log')
    const service = {
      ...web(ready),
      log: '/srv/app.log',
      stop: { command: 'echo will not go >>/srv/app.log', within: '1s' },
    }
    matches((await field.run(service, 'running')).stdout, changed)
    matches(
      (await field.run(service, 'stopped')).stdout,
      /still there: (.*\n)+ {4}new in \/srv\/app\.log:\n {4}will not go/,
    )
  })
})
