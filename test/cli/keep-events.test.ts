import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import { type EventFileOptions, eventFilesOf, filesNamed } from '../../lib/cli/event-files.js'
import { hidingScreen } from '../../lib/cli/hiding-screen.js'
import { keepingEvents, whyNotKept } from '../../lib/cli/keep-events.js'
import { replaceFile } from '../../lib/cli/replace-file.js'
import { silentScreen } from '../../lib/cli/screen.js'
import { inFolder } from '../helpers/folder.js'
import { startSteward } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'
import { withBalanced } from './balanced.js'

describe('a file of events', test => {
  test('is refused before anything is done where it cannot be written, or holds something else', () =>
    inFolder(folder => {
      const why = (junit: string) => whyNotKept(filesNamed({ junit }), [{ path: `${folder}/play.yml`, sha256: '' }])
      mkdirSync(`${folder}/folder`)
      writeFileSync(`${folder}/old.xml`, 'old')
      assert.match(why(`${folder}/none/a.xml`) ?? '', /^--junit .*none\/a\.xml: there is no such folder$/)
      assert.match(why(`${folder}/old.xml/a.xml`) ?? '', /there is no such folder/)
      assert.match(why(`${folder}/folder`) ?? '', /no file to replace/)
      assert.match(why('/dev/null') ?? '', /no file to replace/)
      assert.match(why(`${folder}/play.yml`) ?? '', /the run is read from that file/)
      assert.is(why(`${folder}/old.xml`), null)
      assert.is(why(`${folder}/new.xml`), null)
      assert.equal(readdirSync(folder).sort(), ['folder', 'old.xml'])
      assert.is(readFileSync(`${folder}/old.xml`, 'utf8'), 'old')
    }))

  test('takes the place of no pipe or device', () =>
    inFolder(folder => {
      execFileSync('mkfifo', [`${folder}/pipe`])
      assert.equal(replaceFile(`${folder}/pipe`, 'x'), E.left('it is no file to replace'))
      assert.ok(statSync(`${folder}/pipe`).isFIFO())
    }))

  test('holds no secret that the screen does not show', () =>
    inFolder(async folder => {
      const kept = keepingEvents(filesOf({ junit: `${folder}/a.xml` }))
      const screen = hidingScreen(kept.watch(silentScreen), [{ text: 'hunter22', shown: '***' }])
      screen.show({ _tag: 'RunStarted', playbook: 'the hunter22', hosts: [], atMs: 0 })
      assert.is(await kept.write(), true)
      assert.match(readFileSync(`${folder}/a.xml`, 'utf8'), /name="the \*\*\*"/)
    }))

  test('that is lost at the end is said, once', () =>
    inFolder(async folder => {
      const said: string[] = []
      const { error } = console
      console.error = (text: string) => void said.push(text)
      try {
        for (const option of ['junit', 'report'] as const) {
          mkdirSync(`${folder}/gone`)
          const kept = keepingEvents(filesOf({ [option]: `${folder}/gone/a` }))
          assert.is(kept.begin(), null)
          rmSync(`${folder}/gone`, { recursive: true })
          assert.equal([await kept.write(), await kept.write()], [false, false])
        }
      } finally {
        console.error = error
      }
      assert.equal(
        said.map(line => line.replace(/: there is no such folder$/, ': …')),
        ['--junit', '--report'].map(option => `steward: ${option} ${folder}/gone/a is not written: …`),
      )
    }))

  test('that is lost at the end makes a run that went well end with 2', () =>
    withBalanced(
      async ({ make, folder }) => {
        mkdirSync(`${folder}/pages`)
        const { code, stderr, stdout } = await make('running', {}, [
          ...['--junit', `${folder}/pages/a.xml`],
          ...['--report', `${folder}/pages/a.html`],
        ])
        assert.match(stdout, 'Done: 1 service changed')
        assert.match(stderr, /--junit .* is not written: there is no such folder$/m)
        assert.match(stderr, /--report .* is not written: there is no such folder$/m)
        assert.is(code, 2, stderr)
      },
      folder => ({ start: `rm -r ${folder}/pages; ${folder}/start` }),
    ))

  test(
    'is there when a run ends, whole also where it is left in the middle, and not where nothing may begin',
    () =>
      withBalanced(
        async ({ make, folder }) => {
          const file = `${folder}/a.xml`
          const refused = await make('running', {}, ['--junit', `${folder}/none/a.xml`])
          assert.is(refused.code, 5, refused.stderr)
          assert.match(refused.stderr, /--junit .*: there is no such folder$/m)
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

const filesOf = (options: EventFileOptions) =>
  eventFilesOf(
    options,
    {
      command: 'run',
      playbook: null,
      inventory: [],
      limit: null,
      forks: 1,
      more: {},
      inputs: [],
      catalogs: [],
    },
    '',
  )
