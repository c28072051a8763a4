import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { hidingScreen } from '../../lib/cli/hiding-screen.js'
import { keepingEvents } from '../../lib/cli/keep-events.js'
import { reportFile } from '../../lib/cli/report-file.js'
import { silentScreen } from '../../lib/cli/screen.js'
import { redactionsOf } from '../../lib/model/redact.js'
import { inFolder } from '../helpers/folder.js'
import { steward } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'
import { runOf } from '../report/report-runs.js'

describe('a page on a run', test => {
  test('is there before the run, and replaced as a whole at its end, for its owner alone', () =>
    inFolder(async folder => {
      const path = join(folder, 'run.html')
      const report = keepingEvents([reportOn(path)])
      assert.is(report.begin(), null)
      assert.match(readFileSync(path, 'utf8'), 'has not come to its end')
      const { show } = report.watch(silentScreen)
      for (const event of await runOf(4)) show(event)
      report.writeAtOnce()
      assert.match(readFileSync(path, 'utf8'), 'Not drawn: the run was left at once')
      assert.is(await report.write(), true)
      assert.match(readFileSync(path, 'utf8'), /<h1>Not done: 1 failed.*<svg [\s\S]*<\/html>\n$/s)
      assert.is(statSync(path).mode & 0o777, 0o600)
      assert.equal(readdirSync(folder), ['run.html'])
    }))

  test('holds no secret', () =>
    inFolder(async folder => {
      const path = join(folder, 'run.html')
      const report = keepingEvents([reportOn(path)])
      const { show } = hidingScreen(report.watch(silentScreen), redactionsOf('/etc/nginx/nginx.conf'))
      for (const event of await runOf(4)) show(event)
      await report.write()
      const page = readFileSync(path, 'utf8')
      assert.not.match(page, 'nginx.conf')
      assert.match(page, 'nginx: master process -c ***')
    }))

  test('is refused where it cannot be written, before anything is looked at', () =>
    inFolder(async folder => {
      // A look at that host would take its time and end with another code.
      writeFileSync(join(folder, 'hosts.yml'), 'all: { hosts: { a: { ansible_host: 127.0.0.2 } } }')
      writeFileSync(join(folder, 'c.yml'), 'services: { db: { hosts: a, start: x, processes: { p: { args: [db] } } } }')
      writeFileSync(join(folder, 'play.yml'), '- { hosts: all, catalog: c.yml, services: { db: running } }')
      const run = (file: string) => steward(['run', 'play.yml', '-i', 'hosts.yml', '--report', file], { cwd: folder })
      const lost = await run('no/run.html')
      assert.is(lost.code, 5)
      assert.match(lost.stderr, /--report no\/run\.html: .*\n(.*\n)*.*nothing was connected to/)
      const input = await run('play.yml')
      assert.is(input.code, 5)
      assert.match(input.stderr, '--report play.yml: the run is read from that file')
      const shared = await steward(['run', 'play.yml', '-i', 'hosts.yml', '--report', 'a', '--junit', './a'], {
        cwd: folder,
      })
      assert.is(shared.code, 5)
      assert.match(shared.stderr, '--report a: it is the file of --junit too')
      const out = await run('run.html')
      assert.is(out.code, 4)
      assert.match(
        readFileSync(join(folder, 'run.html'), 'utf8'),
        /<h1>Not done: 1 host out of reach, .*4: a host could/s,
      )
    }))
})

const reportOn = (path: string) =>
  reportFile(
    path,
    {
      command: 'run',
      playbook: '/p.yml',
      inventory: ['/i.yml'],
      limit: null,
      forks: 1,
      more: {},
      inputs: [],
      catalogs: [],
    },
    '0.1.0',
  )
