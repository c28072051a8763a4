import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { exitCodes } from '../../lib/model/exit-code.js'
import { describe } from '../helpers/test.js'
import { skip, withEstate } from './local-estate.js'

describe('looking at an estate', test => {
  test(
    'explains a verdict by what was declared, what was seen and how, and what would follow',
    () =>
      withEstate({}, async ({ run, call, ports }) => {
        await run('start-km')
        const { code, stdout } = await call('explain', 'dispatcher@localhost')
        assert.is(code, exitCodes.ok, stdout)
        for (const part of [
          'dispatcher@localhost: stopped',
          /Declared at playbooks\/catalog\/enstratus\.yml:\d+:\d+/,
          'tomcat +arguments "-Dcatalina.base=.*/dispatcher/tomcat"; listens on ',
          'requires +km',
          /Seen at .* by uid \d+, boot /,
          /processes +\d+, by grep over \/proc/,
          /sockets +\d+, by ss -lntp/,
          `port ${ports.dispatcher} +nothing listens there`,
          /start +\S+enstratus-dispatcher start/,
          `after +km@localhost, which is running: tomcat pid \\d+, port ${ports.km}`,
        ])
          assert.match(stdout, typeof part === 'string' ? new RegExp(part) : part)
      }),
    { skip, timeoutMs: 60_000 },
  )

  test('does not know a service that is not there, and says which are', () =>
    withEstate({}, async ({ call }) => {
      const { code, stderr } = await call('explain', 'dispatcher@localhst')
      assert.is(code, exitCodes.badInput)
      assert.match(stderr, 'unknown service "dispatcher@localhst"; did you mean "dispatcher@localhost"?')
    }))

  test(
    'judges a saved look as it judged the host, also when the host has changed since',
    () =>
      withEstate({}, async ({ run, call, folder }) => {
        await run('start-all')
        const before = await call('status', '--json')
        const file = join(folder, 'look')
        writeFileSync(file, (await call('probe', 'localhost')).stdout)
        await run('stop-monitor')
        const replayed = await call('status', '--json', '--replay', file)
        assert.equal(verdictsIn(replayed.stdout), verdictsIn(before.stdout))
        assert.match((await call('explain', 'monitor@localhost', '--replay', file)).stdout, 'poll 29/29')
      }),
    { skip, timeoutMs: 60_000 },
  )

  test('refuses a saved look that is cut, or is none, before it says anything', () =>
    withEstate({}, async ({ call, folder }) => {
      const file = join(folder, 'look')
      const { stdout } = await call('probe', 'localhost')
      for (const text of [stdout.slice(0, -20), 'hello', '', stdout.replace('"host":"localhost"', '"host":"-o"')]) {
        writeFileSync(file, text)
        const { code, stderr } = await call('status', '--replay', file)
        assert.is(code, exitCodes.badInput)
        assert.match(stderr, `${file} cannot be read: `)
      }
    }))

  test(
    'names a poller that runs although its line is gone, and leaves it alone',
    () =>
      withEstate({}, async ({ run, call, folder }) => {
        const file = join(folder, 'services/monitor/etc/monitors.cfg')
        const lines = readFileSync(file, 'utf8')
        appendFileSync(file, 'Extra 1\n')
        await run('start-all')
        writeFileSync(file, lines)
        const { stdout } = await call('status')
        assert.match(stdout, /monitor +duplicate +poll Extra 1 runs and is not declared: pid \d+/)
        const stopped = await run('stop-monitor')
        assert.is(stopped.code, exitCodes.failed, stopped.stdout)
        assert.match(stopped.stdout, /poll Extra 1 runs and is not declared: pid \d+\n/)
      }),
    { skip, timeoutMs: 60_000 },
  )

  test(
    'drafts a catalog that reads, and by which all that listens is running',
    () =>
      withEstate({}, async ({ run, call, folder, ports }) => {
        await run('start-all')
        const draft = await call('discover', 'localhost')
        assert.is(draft.code, exitCodes.ok, draft.stderr)
        const file = join(folder, 'draft.yml')
        writeFileSync(file, draft.stdout)
        const rows = verdictsIn((await call('status', '--json', '-c', file)).stdout)
        assert.ok(
          rows.every(row => row.endsWith(' running')),
          rows.join('\n'),
        )
        for (const [name, port] of Object.entries(ports))
          assert.match(
            draft.stdout,
            new RegExp(`[[ ](${port}|"127\\.0\\.0\\.1:${port}")[,\\]]`),
            `${name}: ${draft.stdout}`,
          )
        assert.match(draft.stdout, '# guess: ')
      }),
    { skip, timeoutMs: 60_000 },
  )
})

const verdictsIn = (json: string): readonly string[] =>
  JSON.parse(json).map(({ host, service, verdict }: Record<string, string>) => `${service}@${host} ${verdict}`)
