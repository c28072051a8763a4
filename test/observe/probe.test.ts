import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { bareRequest, type ProbeRequest, probeScript } from '../../lib/observe/probe.js'
import { inFolder } from '../helpers/folder.js'
import { describe } from '../helpers/test.js'
import { whileListening } from './listening.js'
import { listenersOn, lookAt, processesIn, seenOf } from './looks.js'
import { bootId, idle, stateOf, truthOf, until, waiting, withProcesses } from './processes.js'
import { here, scriptOf, shellOf, shellsHere } from './shells.js'
import { needsNamespaces } from './surroundings.js'

for (const { name, argv, options } of shellsHere()) {
  describe(`the probe in ${name}`, test => {
    const run = shellOf(argv)
    const look = (request: Partial<ProbeRequest> = {}) => lookAt(request, run)

    test(
      'sees processes as the kernel has them',
      () =>
        withProcesses(async start => {
          const plain = await start(idle('two words', '', 'new\nline', '\u001b[2J', '$(id)', ''))
          const long = await start(idle('x'.repeat(131_071)))
          const bad = await start(['/bin/sh', '-c', `exec perl -e '${waiting}' "$(printf 'a\\377b')"`])
          const seen = await look()
          for (const { pid } of [plain, long, bad]) assert.equal(seenOf(seen, pid), truthOf(pid))
        }),
      options,
    )

    test(
      "tells a container's process from the host's own",
      () =>
        withProcesses(async start => {
          const twin = `twin-${process.pid}`
          const outside = await start(idle(twin))
          const container = await start(['unshare', '--pid', '--fork', '--kill-child', ...idle(twin)])
          const twins = processesIn(await look()).filter(
            ({ args }) => args[0] === 'perl' && String(args.at(-1)) === twin,
          )
          assert.equal(
            twins.map(({ pid, ppid, contained }) => [pid === outside.pid, ppid === container.pid, contained]),
            [
              [true, false, false],
              [false, true, true],
            ],
          )
        }),
      { ...options, ...needsNamespaces },
    )

    test(
      'sees who listens, and on which address',
      () =>
        whileListening('127.0.0.1', port4 =>
          whileListening('::1', async port6 => {
            const seen = await look()
            assert.equal(listenersOn(seen, port4), [{ address: '127.0.0.1', port: port4, owners: [process.pid] }])
            assert.equal(listenersOn(seen, port6), [{ address: '::1', port: port6, owners: [process.pid] }])
          }),
        ),
      options,
    )

    test(
      'reads files, and tells a missing and an unreadable one from an empty one without waiting on a pipe',
      () =>
        inFolder(async folder => {
          writeFileSync(`${folder}/full`, 'a b\n\n\u001b[2J\nno newline')
          writeFileSync(`${folder}/empty`, '')
          spawnSync('/bin/sh', { input: `mkfifo ${folder}/pipe\n` })
          symlinkSync('full', `${folder}/link`)
          const inside = ['full', 'empty', 'missing', 'pipe', 'link'].map(file => `${folder}/${file}`)
          const { files } = await look({ files: [...inside, folder] })
          const lines = { _tag: 'Seen', by: 'cat', value: ['a b', '', '\u001b[2J', 'no newline'] }
          const none = { _tag: 'Unseen', why: 'there is no such file on the host' }
          assert.equal([...files.values()], [lines, { ...lines, value: [''] }, none, none, lines, none])
        }),
      options,
    )

    test(
      'tells scripts that can be run from those that cannot and those that are missing',
      () =>
        inFolder(async folder => {
          const scripts = ['run', 'read', 'missing', 'folder', 'dangling'].map(file => `${folder}/${file}`)
          for (const file of ['run', 'read']) writeFileSync(`${folder}/${file}`, '')
          chmodSync(`${folder}/run`, 0o755)
          mkdirSync(`${folder}/folder`)
          symlinkSync('nowhere', `${folder}/dangling`)
          const seen = await look({ scripts })
          assert.equal([...seen.scripts.values()], ['executable', 'unusable', 'missing', 'unusable', 'missing'])
        }),
      options,
    )

    test(
      'takes a path for text, whatever is in it',
      () =>
        inFolder(async folder => {
          const paths = [
            'two words',
            "it's",
            '"',
            '$(touch made)',
            '`touch made`',
            '; touch made',
            'a\nb',
            '*',
            '\\',
          ].map(file => `${folder}/${file}`)
          for (const path of paths) writeFileSync(path, path, { mode: 0o755 })
          const seen = await look({ files: paths, scripts: paths })
          assert.equal(
            [...seen.scripts.values()],
            paths.map(() => 'executable'),
          )
          assert.equal(
            [...seen.files.values()].map(file => file._tag === 'Seen' && file.value.join('\n')),
            paths,
          )
        }),
      options,
    )

    test(
      'looks for newcomers only by a newest pid that can be one of its own',
      () =>
        inFolder(async folder => {
          const searchBy = async (loadavg: string) => {
            const { stdout } = await run(scriptOf(probeScript('f00', bareRequest).replaceAll('/proc/loadavg', loadavg)))
            const [, search = ''] = stdout.split('open newcomers grep')
            return /close (\d)/.exec(search)?.[1]
          }
          assert.is.not(await searchBy('/proc/loadavg'), '2')
          for (const [i, newest] of ['7', '4194303', 'x', ''].entries()) {
            writeFileSync(`${folder}/${i}`, `0.00 0.01 0.05 1/123 ${newest}\n`)
            assert.is(await searchBy(`${folder}/${i}`), '2', newest)
          }
          assert.is(await searchBy(`${folder}/missing`), '2')
        }),
      options,
    )

    test(
      'looks for newcomers four times at most, and reads all of them twice',
      () =>
        inFolder(async folder => {
          // Who asks for the newest pid starts somebody who stays for a while.
          const coming = '[ -r /proc/loadavg ]'
          const starting = `sleep 60 >/dev/null 2>&1 & echo $! >>${folder}/pids; ${coming}`
          const { stdout } = await run(scriptOf(probeScript('f00', bareRequest).replaceAll(coming, starting)))
          const pids = readFileSync(`${folder}/pids`, 'utf8').trim().split('\n')
          for (const pid of pids) process.kill(Number(pid), 'SIGKILL')
          const rounds = stdout.split('open newcomers grep').slice(1)
          assert.is(rounds.length, 5)
          assert.is(pids.length, 5)
          for (const [i, pid] of pids.slice(1).entries())
            for (const round of rounds.slice(i, i + 2)) assert.match(round, `/proc/${pid}/status:`)
          for (const round of rounds) assert.match(round, /close 0/)
        }),
      options,
    )

    test(
      'searches once more when a newcomer has ended, and says so when its tool broke off',
      () =>
        inFolder(async folder => {
          // The first time somebody comes, who is gone by the second.
          const first = `sleep 60 >/dev/null 2>&1 & echo $! >${folder}/pid;`
          const second = `kill -9 $(cat ${folder}/pid); wait $(cat ${folder}/pid);`
          const searches = `case $round in 1) ${first} newest ;; 2) ${second} newest ;; *) newest ;; esac`
          const script = probeScript('f00', bareRequest).replace('then newest; else', `then ${searches}; else`)
          const rounds = (await run(scriptOf(script))).stdout.split('open newcomers grep').slice(1)
          const pid = readFileSync(`${folder}/pid`, 'utf8').trim()
          const has = rounds.map(round => round.includes(`/proc/${pid}/status:`))
          assert.equal(has.slice(0, 3), [true, false, false])
          const killed = script.replace(`command grep -azH '' "$@"`, () => `sh -c 'kill -9 $$'`)
          assert.match((await run(scriptOf(killed))).stdout, /open newcomers grep\n(.|\n)*close 3/)
        }),
      options,
    )

    test(
      'does nothing at all when it is cut on its way',
      async () => {
        const whole = probeScript('f00', { ...bareRequest, files: ['/etc/passwd'], scripts: ['/bin/sh'] })
        assert.match((await run(scriptOf(whole))).stdout, 'steward-f00 end')
        for (let length = 1; length < whole.trimEnd().length; length += 53)
          assert.is((await run(scriptOf(whole.slice(0, length)))).stdout, '', whole.slice(0, length))
        assert.is((await run(scriptOf(whole.trimEnd().slice(0, -1)))).stdout, '')
      },
      options,
    )
  })
}

describe('the probe', test => {
  test('sees a process that is stopped and one that has ended but not been waited for', () =>
    withProcesses(async start => {
      const stopped = await start(idle())
      const parent = await start(['perl', '-e', 'my $p = fork; $p or exit; $| = 1; print "$p\n"; sleep 600'])
      process.kill(stopped.pid, 'SIGSTOP')
      await until(() => stateOf(stopped.pid) === 'T' && stateOf(Number(parent.said)) === 'Z')
      const states = new Map(processesIn(await lookAt()).map(({ pid, state }) => [pid, state]))
      assert.is(states.get(stopped.pid), 'T')
      assert.is(states.get(Number(parent.said)), 'Z')
    }))

  test('sees a process whatever it calls itself', () =>
    withProcesses(async start => {
      for (const name of [') S 1 1', 'a\nb', 'a\rb', '/proc/1/stat:', '\u2028']) {
        const { pid } = await start([
          'perl',
          '-e',
          `open my $f, '>', '/proc/self/comm'; syswrite $f, $ARGV[0]; ${waiting}`,
          name,
        ])
        assert.equal(seenOf(await lookAt(), pid), truthOf(pid), JSON.stringify(name))
      }
    }))

  test('knows how old a process is', () =>
    withProcesses(async start => {
      const { pid } = await start(idle())
      const ageSeconds = processesIn(await lookAt()).find(one => one.pid === pid)?.ageSeconds ?? -1
      assert.ok(ageSeconds >= 0 && ageSeconds < 10, `${ageSeconds}`)
    }))

  test('knows who looks, and in which boot', async () => {
    const seen = await lookAt()
    assert.is(seen.login.uid, process.getuid?.())
    assert.is(seen.bootId, bootId())
  })

  test('shows nothing of itself that could be taken for a service', async () => {
    const text = probeScript('f00', { ...bareRequest, files: ['/services/x'], scripts: ['/etc/init.d/x'] })
    const { stdout } = await here(scriptOf(text))
    assert.not.match(stdout, '/etc/init.d/x')
    assert.not.match(stdout, '/services/x')
  })
})
