import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { hidingScreen } from '../../lib/cli/hiding-screen.js'
import { eventFilesOf, keepingEvents, whyNotKept } from '../../lib/cli/keep-events.js'
import { silentScreen } from '../../lib/cli/screen.js'
import { startSteward } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'
import { withBalanced } from './balanced.js'

describe('a file of events', test => {
  test('is refused before anything is done where it cannot be written, or holds something else', () =>
    inFolder(folder => {
      const why = (junit: string) => whyNotKept(eventFilesOf({ junit }), [{ path: `${folder}/play.yml`, sha256: '' }])
      mkdirSync(`${folder}/folder`)
      writeFileSync(`${folder}/old.xml`, 'old')
      assert.match(why(`${folder}/none/a.xml`) ?? '', /^--junit .*none\/a\.xml: ENOENT/)
      assert.match(why(`${folder}/old.xml/a.xml`) ?? '', /ENOTDIR/)
      assert.match(why(`${folder}/folder`) ?? '', /no file to replace/)
      assert.match(why('/dev/null') ?? '', /no file to replace/)
      assert.match(why(`${folder}/play.yml`) ?? '', /the run is read from that file/)
      assert.is(why(`${folder}/old.xml`), null)
      assert.is(why(`${folder}/new.xml`), null)
      assert.equal(readdirSync(folder).sort(), ['folder', 'old.xml'])
      assert.is(readFileSync(`${folder}/old.xml`, 'utf8'), 'old')
    }))

  test('holds no secret that the screen does not show', () =>
    inFolder(folder => {
      const kept = keepingEvents(silentScreen, eventFilesOf({ junit: `${folder}/a.xml` }))
      const screen = hidingScreen(kept.screen, [{ text: 'hunter22', shown: '***' }])
      screen.show({ _tag: 'RunStarted', playbook: 'the hunter22', hosts: [], atMs: 0 })
      assert.is(kept.write(), true)
      assert.match(readFileSync(`${folder}/a.xml`, 'utf8'), /name="the \*\*\*"/)
    }))

  test('that is lost at the end is said, once', () =>
    inFolder(folder => {
      mkdirSync(`${folder}/gone`)
      const kept = keepingEvents(silentScreen, eventFilesOf({ junit: `${folder}/gone/a.xml` }))
      rmSync(`${folder}/gone`, { recursive: true })
      assert.equal([kept.write(), kept.write()], [false, false])
    }))

  test(
    'is there when a run ends, whole also where it is left in the middle, and not where nothing may begin',
    () =>
      withBalanced(
        async ({ make, folder }) => {
          const file = `${folder}/a.xml`
          const refused = await make('running', {}, ['--junit', `${folder}/none/a.xml`])
          assert.is(refused.code, 5, refused.stderr)
          assert.match(refused.stderr, /--junit .*ENOENT/)
          const planned = await make('running', {}, ['--junit', file, '-C'])
          assert.is(planned.code, 5, planned.stderr)
          assert.not.ok(existsSync(`${folder}/state`))

          const stopped = await make('stopped', {}, ['--junit', file])
          assert.is(stopped.code, 0, stopped.stderr)
          assert.match(readFileSync(file, 'utf8'), /tests="1" failures="0" errors="0"[\s\S]*name="web stopped"/)
          assert.is(statSync(file).mode & 0o777, 0o600)

          const args = ['run', `${folder}/running.yml`, '-i', `${folder}/hosts.yml`, '--junit', file]
          const left = startSteward(args, { env: { XDG_STATE_HOME: `${folder}/state` } })
          await left.shown(/start command ended with 3/)
          left.kill('SIGTERM')
          await left.shown(/finishing what is under way/)
          left.kill('SIGTERM')
          assert.is((await left.said).code, 99)
          assert.match(readFileSync(file, 'utf8'), /name="web running"[\s\S]*what became of it is not known/)
        },
        () => ({ start: 'exit 3', ready: { within: '60s' } }),
      ),
    { timeoutMs: 60_000 },
  )
})

const inFolder = (use: (folder: string) => void): void => {
  const folder = mkdtempSync(join(tmpdir(), 'steward-kept-'))
  try {
    use(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
