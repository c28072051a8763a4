import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { shellWord } from '../../lib/model/shell.js'
import { bareRequest, probeBody } from '../../lib/observe/probe.js'
import { inFolder } from '../helpers/folder.js'
import { describe } from '../helpers/test.js'
import { leftOf, rightOf } from '../observe/either.js'
import { isRunning, until } from '../observe/processes.js'
import { here, type Run, scriptOf, shellOf, shellsHere } from '../observe/shells.js'
import { changed, hide, needsNamespaces } from '../observe/surroundings.js'
import { pidIn, withDaemons } from './daemons.js'
import { launch, launching } from './launches.js'

for (const { name, argv, options } of shellsHere()) {
  describe(`a launch in ${name}`, test => {
    const run = shellOf(argv)

    test(
      'tells of several commands, in order, how each ended and what it said',
      async () => {
        const results = await launch(['echo one; exit 3', 'echo two >&2', 'exit 255', 'nonexistent-command'], run)
        assert.equal(
          results.map(({ code }) => code),
          [3, 0, 255, 127],
        )
        assert.equal(
          results.slice(0, 3).map(({ output }) => output),
          ['one', 'two', ''],
        )
      },
      options,
    )

    test(
      'launches nothing without the very word that lets it go on',
      () =>
        inFolder(async folder => {
          for (const other of [
            (yes: string) => `${yes.slice(1)}\n`,
            (yes: string) => `${yes}x\n`,
            () => 'go\n',
            () => '\n',
            () => '',
          ])
            await run(launching([`touch ${folder}/launched`], other).script)
          assert.equal(readdirSync(folder), [])
        }),
      options,
    )

    test(
      'launches nothing when nobody answers',
      () =>
        inFolder(async folder => {
          await run(scriptOf(launching([`touch ${folder}/launched`]).script.text))
          assert.equal(readdirSync(folder), [])
        }),
      options,
    )

    test(
      'launches nothing when it is cut on its way',
      () =>
        inFolder(async folder => {
          const whole = launching([`touch ${folder}/launched`]).script.text.trimEnd()
          for (let length = 1; length < whole.length; length += 67) await run(scriptOf(whole.slice(0, length)))
          await run(scriptOf(whole.slice(0, -1)))
          assert.equal(readdirSync(folder), [])
        }),
      options,
    )

    test(
      'is not held by a daemon that keeps what it was given open',
      () =>
        withDaemons(async folder => {
          const [result] = await launch([`sleep 600 & echo $! >${folder}/a.pid; echo started`], run)
          assert.equal([result?.code, result?.output], [0, 'started'])
          assert.ok(isRunning(pidIn(`${folder}/a.pid`)))
        }),
      options,
    )

    test(
      'does not show for one command what another says later',
      () =>
        withDaemons(async folder => {
          const first = '(until [ -e second ]; do sleep 0.01; done; echo late; touch said) & echo $! >a.pid; echo first'
          const second = 'touch second; until [ -e said ]; do sleep 0.01; done; echo second'
          const results = await launch(
            [first, second].map(command => `cd ${folder}; ${command}`),
            run,
          )
          assert.equal(
            results.map(({ output }) => output),
            ['first', 'second'],
          )
        }),
      options,
    )

    test(
      'runs a command as it was written, whatever is in it',
      () =>
        inFolder(async folder => {
          const words = ["it's", '"', '$HOME `id` $(id)', 'a\nb', '\\n', '*', '', '!', '\u00e9\ud83d\ude00']
          await launch([`printf '%s\\0' ${words.map(shellWord).join(' ')} >${folder}/words`], run)
          assert.equal(readFileSync(`${folder}/words`, 'utf8').split('\0').slice(0, -1), words)
        }),
      options,
    )

    test(
      'leaves nothing behind, and hands nothing on',
      () =>
        inFolder(async folder => {
          const run = shellOf(argv, { env: { ...environment, TMPDIR: folder } })
          const results = await launch(['readlink /proc/$$/fd/1', 'ls -A "$TMPDIR"; ls /proc/$$/fd'], run)
          assert.match(results[0]?.output ?? '', new RegExp(`^${folder}/\\.steward-.* \\(deleted\\)$`))
          assert.not.match(results[1]?.output ?? '', /steward|^[34]$/m)
          assert.equal(readdirSync(folder), [])
        }),
      options,
    )
  })
}

describe('a launch', test => {
  test('gives a command nothing to read', async () => {
    const { script, read } = launching(['cat', 'read -r x || echo nothing'], yes => `${yes}\nmore\nand more\n`)
    const results = rightOf(read((await here(script)).stdout))
    assert.equal(
      results.map(({ output }) => output),
      ['', 'nothing'],
    )
  })

  test('gives a command a session of its own', async () => {
    const [result] = await launch(['ps -o sid= -o pid= -o pgid= -p $$'])
    const [session, ...others] = (result?.output ?? '').trim().split(/\s+/)
    assert.equal(others, [session, session])
  })

  test('gives a command the environment of the login, not that of the look', async () => {
    const env = {
      PATH: `${environment['PATH']}:/opt/theirs`,
      LANG: 'xx',
      COLUMNS: '33',
      PS_FORMAT: 'pid',
      LC_ALL: 'C.UTF-8',
    }
    const look = probeBody('f00', bareRequest)
    const show = 'echo "$PATH $LANG $COLUMNS $PS_FORMAT $LC_ALL"'
    const [result] = await launch([show], shellOf(['/bin/sh'], { env }), look)
    assert.is(result?.output, Object.values(env).join(' '))
  })

  test('leaves a command every signal as it was', async () =>
    assert.match((await launch(['grep SigIgn /proc/self/status']))[0]?.output ?? '', /^SigIgn:\t0+$/))

  test(
    'makes a command deaf to a hang-up where there are no sessions to be had',
    async () => {
      const run = changed(`${hide('setsid')} exec /bin/sh`)
      assert.is(await outputOf('grep SigIgn /proc/self/status; cat', run), 'SigIgn:\t0000000000000001')
    },
    needsNamespaces,
  )

  test('shows the end of a long output in whole lines, and knows how many there were before', async () => {
    const [result] = await launch(['i=0; while [ $i -lt 3000 ]; do echo line $i; i=$((i+1)); done'])
    assert.match(result?.output ?? '', /^line \d+\n[\s\S]*\nline 2999$/)
    assert.is((result?.before ?? 0) + (result?.output.split('\n').length ?? 0), 3000)
    assert.ok((result?.output.length ?? 0) <= 4096)
    assert.match(result?.output ?? '', /^line \d+\n/)
  })

  test('does without the folder for temporary files', () =>
    inFolder(async folder => {
      const env = { ...environment, TMPDIR: `${folder}/missing`, HOME: folder }
      assert.is(await outputOf('echo x', shellOf(['/bin/sh'], { env })), 'x')
      assert.equal(readdirSync(folder), [])
    }))

  test(
    'does without a folder for temporary files that takes nothing: read-only, or full',
    () =>
      inFolder(async folder => {
        const env = { ...environment, TMPDIR: `${folder}/tmp`, HOME: folder }
        mkdirSync(env.TMPDIR)
        for (const mount of ['ro', 'size=4k']) {
          const fill = `mount -t tmpfs -o ${mount} x ${env.TMPDIR}; head -c 9000 /dev/zero >${env.TMPDIR}/full; exec /bin/sh`
          assert.is(await outputOf('echo x', changed(fill, { env })), 'x', mount)
        }
        assert.equal(readdirSync(folder), ['tmp'])
      }),
    needsNamespaces,
  )

  test(
    'goes on without output where no folder takes anything',
    () =>
      inFolder(async folder => {
        const env = { ...environment, TMPDIR: '/nonexistent', HOME: '/nonexistent' }
        const run = changed('for f in /var/tmp /dev/shm; do mount -t tmpfs -o ro x $f; done; exec /bin/sh', { env })
        assert.is(await outputOf(`echo x; touch ${folder}/launched`, run), '')
        assert.equal(readdirSync(folder), ['launched'])
      }),
    needsNamespaces,
  )

  test('launches nothing more when nobody listens any more, and has left nothing behind', () =>
    inFolder(async folder => {
      mkdirSync(`${folder}/tmp`)
      const { script } = launching([
        `cd ${folder}; touch running; until [ -e go ]; do sleep 0.01; done`,
        `touch ${folder}/second`,
      ])
      const shell = spawn('/bin/sh', { cwd: '/', env: { ...environment, TMPDIR: `${folder}/tmp` }, stdio: 'pipe' })
      try {
        shell.stdin.write(script.text)
        await once(shell.stdout, 'data')
        shell.stdin.end(script.dialogue?.answer(''))
        await until(() => existsSync(`${folder}/running`))
        assert.equal(readdirSync(`${folder}/tmp`), [])
        shell.stdout.destroy()
        writeFileSync(`${folder}/go`, '')
        await once(shell, 'exit')
      } finally {
        shell.kill('SIGKILL')
      }
      assert.equal(readdirSync(folder).toSorted(), ['go', 'running', 'tmp'])
    }))

  test('launches nothing more once its deadline is over, as nobody listens by then', () =>
    inFolder(async folder => {
      writeFileSync(`${folder}/date`, `#!/bin/sh\ncat ${folder}/clock\n`, { mode: 0o755 })
      writeFileSync(`${folder}/clock`, '1000')
      const pass = (seconds: number) => `echo ${1000 + seconds} >${folder}/clock`
      const { script, read } = launching([pass(59), pass(60), `touch ${folder}/launched`], undefined, undefined, 60_000)
      const run = shellOf(['/bin/sh'], { env: { ...environment, PATH: `${folder}:${environment['PATH']}` } })
      assert.equal(
        rightOf(read((await run(script)).stdout)).map(({ code }) => code),
        [0, 0, 124],
      )
      assert.not.ok(existsSync(`${folder}/launched`))
    }))

  test('launches what may take no more than a second, although that second ends as it begins', () =>
    inFolder(async folder => {
      writeFileSync(`${folder}/date`, `#!/bin/sh\ncat ${folder}/clock\n`, { mode: 0o755 })
      writeFileSync(`${folder}/clock`, '1000')
      const look = `steward_look() { echo 1001 >${folder}/clock; }`
      const { script, read } = launching(['echo launched'], undefined, look, 1_000)
      const run = shellOf(['/bin/sh'], { env: { ...environment, PATH: `${folder}:${environment['PATH']}` } })
      assert.is(rightOf(read((await run(script)).stdout))[0]?.output, 'launched')
    }))

  test('tells when its answer is cut', async () => {
    const { script, read } = launching(['echo x', 'echo y'])
    const { stdout } = await here(script)
    for (const cut of [stdout.slice(0, -1), stdout.slice(0, stdout.lastIndexOf('open')), 'Permission denied'])
      assert.ok(leftOf(read(cut)))
  })
})

const outputOf = async (command: string, run: Run): Promise<string> => {
  const [result] = await launch([command], run)
  assert.is(result?.code, 0)
  return result?.output ?? ''
}

const environment = process.env as Readonly<Record<string, string>>
