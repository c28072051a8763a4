import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import * as assert from 'uvu/assert'
import { readLock } from '../../lib/act/lock.js'
import type { LockTaking } from '../../lib/model/lock.js'
import { inFolder } from '../helpers/folder.js'
import { describe } from '../helpers/test.js'
import { leftOf } from '../observe/either.js'
import { isRunning, stateOf, truthOf, until, withProcesses } from '../observe/processes.js'
import { type Run, scriptOf, shellsHere } from '../observe/shells.js'
import { asNobody, changed, needsNamespaces, needsRoot, nobody } from '../observe/surroundings.js'
import { withDaemons } from './daemons.js'
import {
  editIn,
  freshNonce,
  type Holder,
  holdLock,
  inHome,
  lockIn,
  login,
  orphaned,
  passing,
  placeIn,
  release,
  runOf,
  tagOf,
  take,
  takingText,
  textIn,
} from './locks.js'

for (const { name, argv, options } of shellsHere()) {
  describe(`the lock of a host, in ${name}`, test => {
    test(
      'is taken where there is none, and the script goes on',
      () =>
        inHome(async home => {
          assert.equal(await take(login(argv, home), 'ours'), { taking: { _tag: 'Taken' }, wentOn: true })
          assert.match(
            textIn(home),
            /^run ours\nwho ours@controller pid 1\nsince \d+\nrenewed \d+\nboot [0-9a-f-]{36}\n/,
          )
        }),
      options,
    )

    test(
      'is renewed by the same run: since when it has it stays, and who is dead is left out',
      () =>
        inHome(async home => {
          await take(passing(argv, home), 'ours')
          editIn(home, text => text.replace(/since \d+/, 'since 5').replace(/renewed \d+/, 'renewed 6'))
          assert.equal(await take(login(argv, home), 'ours'), { taking: { _tag: 'Renewed' }, wentOn: true })
          assert.match(textIn(home), /\nsince 5\nrenewed [1-9]\d{5,}\n/)
          assert.match(
            textIn(home),
            new RegExp(`^witness connection ${process.pid} \\d+\nwitness script \\d+ \\d+\nend$`, 'm'),
          )
        }),
      options,
    )

    test(
      'is not held by whoever takes in orphans: a connection that ended before its script began proves nothing',
      () =>
        inHome(async home => {
          assert.is(await tagOf(orphaned(argv, home), 'theirs'), 'Taken')
          assert.not.match(textIn(home), 'witness connection')
          assert.is(await tagOf(login(argv, home), 'ours'), 'TakenOver')
        }),
      options,
    )

    test(
      'is held while its connection lives: the script ends and says whose it is',
      () =>
        inHome(async home => {
          await take(login(argv, home), 'theirs')
          const { taking, wentOn } = await take(login(argv, home), 'ours')
          assert.equal([runOf(heldBy(taking)), wentOn], ['theirs', false])
          const { pid, startTicks } = truthOf(process.pid)
          const by = heldBy(taking)
          assert.equal(by?._tag === 'Holder' && by.witnesses[0], { kind: 'connection', pid, startTicks })
        }),
      options,
    )

    test(
      'is held while its connection or one of its scripts lives, and then taken over',
      () =>
        withHolders(argv, async (home, hold) => {
          for (const order of ['connection first', 'script first']) {
            const { connection, script } = await hold('theirs')
            const [first, second] = order === 'script first' ? [script, connection] : [connection, script]
            await end(first)
            assert.is(await tagOf(login(argv, home), 'ours'), 'Held', order)
            await end(second)
            const { taking, wentOn } = await take(login(argv, home), 'ours')
            assert.equal([taking._tag === 'TakenOver' && runOf(taking.from), wentOn], ['theirs', true], order)
            await release(login(argv, home), 'ours')
          }
        }),
      options,
    )

    test(
      'is held while a script lives that its run has left behind',
      () =>
        withHolders(argv, async (home, hold) => {
          const { script } = await hold('theirs')
          await take(passing(argv, home), 'theirs')
          assert.is(await tagOf(login(argv, home), 'ours'), 'Held')
          assert.match(textIn(home), `\nwitness script ${script} `)
        }),
      options,
    )

    test(
      'is taken over when the pids of its holder are those of others by now, or the host was booted since',
      () =>
        inHome(async home => {
          for (const edit of [
            (text: string) => text.replace(/^(witness connection \d+ )\d+$/m, '$11'),
            (text: string) => text.replace(/^boot .*$/m, 'boot 1b2e5a0c-0000-4000-8000-000000000000'),
          ]) {
            await take(login(argv, home), 'theirs')
            editIn(home, edit)
            assert.is(await tagOf(login(argv, home), 'ours'), 'TakenOver')
            await release(login(argv, home), 'ours')
          }
        }),
      options,
    )

    test(
      'is taken over when its holder has ended and nobody has waited for it',
      () =>
        withProcesses(start =>
          inHome(async home => {
            const { said } = await start(['perl', '-e', '$| = 1; my $p = fork; $p or exit; print "$p\\n"; sleep 600'])
            await until(() => stateOf(Number(said)) === 'Z')
            await take(login(argv, home), 'theirs')
            const zombie = `${said} ${truthOf(Number(said)).startTicks}`
            editIn(home, text => text.replace(/^(witness connection ).*$/m, `$1${zombie}`))
            assert.is(await tagOf(login(argv, home), 'ours'), 'TakenOver')
          }),
        ),
      options,
    )

    test(
      'is held in doubt: by what cannot be read, without start times, or from a place where other pids are counted',
      () =>
        inHome(async home => {
          const dead = async () => {
            await release(login(argv, home), 'ours')
            await take(passing(argv, home), 'theirs')
          }
          for (const edit of [
            () => '',
            (text: string) => text.replace('end\n', ''),
            (text: string) => text.replace(/^space .*$/m, 'space pid:[1]'),
            (text: string) => text.replace(/^witness connection .*$/m, `witness connection ${process.pid} -`),
            (text: string) => text.replace(/^witness connection .*$/m, 'witness connection * ?'),
          ]) {
            await dead()
            const text = textIn(home)
            editIn(home, edit)
            assert.is(await tagOf(login(argv, home), 'ours'), 'Held', String(edit))
            editIn(home, () => text)
            assert.is(await tagOf(login(argv, home), 'ours'), 'TakenOver', String(edit))
          }
        }),
      options,
    )

    test(
      'is refused in a folder or as a file that is a link, open to others or of another kind',
      () =>
        inFolder(async elsewhere => {
          const refusals: readonly (readonly [RegExp, (home: string) => void])[] = [
            [/\.steward is a symbolic link$/, home => symlinkSync(elsewhere, `${home}/.steward`)],
            [/\.steward is a symbolic link$/, home => symlinkSync('/nonexistent', `${home}/.steward`)],
            [/\.steward is not a folder$/, home => writeFileSync(`${home}/.steward`, '')],
            [
              /\.steward is open to others, .* drwxr-xr-x, not 0700$/,
              home => mkdirSync(`${home}/.steward`, { mode: 0o755 }),
            ],
            [
              /\.steward is a symbolic link$/,
              home => symlinkSync(`${dirname(made(elsewhere))}/..`, `${home}/.steward`),
            ],
            [/\.steward is open to others, /, home => chmodSync(`${dirname(made(home))}/..`, 0o755)],
            [/\.steward\/[^/]+ is open to others, /, home => chmodSync(dirname(made(home)), 0o750)],
            [/lock is a symbolic link$/, home => symlinkSync(`${elsewhere}/lock`, made(home))],
            [/lock is not a regular file$/, home => mkdirSync(made(home))],
            [/lock is open to others: its mode is -rw-r--r--/, home => writeFileSync(made(home), '', { mode: 0o644 })],
          ]
          for (const [why, spoil] of refusals)
            await inHome(async home => {
              spoil(home)
              const { taking, wentOn } = await take(login(argv, home), 'ours')
              assert.match(refusedFor(taking), why)
              assert.not.ok(wentOn)
            })
          assert.equal(readdirSync(elsewhere, { recursive: true }).toSorted(), ['.steward', `.steward/${hostname()}`])
        }),
      options,
    )

    test(
      'is given back by its own run only, and nothing is left of it',
      () =>
        inHome(async home => {
          const run = login(argv, home)
          assert.equal(await release(run, 'ours'), { _tag: 'NotThere' })
          await take(run, 'theirs')
          for (const other of ['ours', 'their', 'theirs too', '.*']) {
            const released = await release(run, other)
            assert.is(released._tag === 'NotOurs' && runOf(released.by), 'theirs')
          }
          assert.equal(await release(run, 'theirs'), { _tag: 'Released' })
          assert.equal(readdirSync(placeIn(home)), [])
        }),
      options,
    )

    test(
      'is left as it is by a script that is cut on its way',
      () =>
        inHome(async home => {
          const whole = takingText(freshNonce(), 'ours', 'echo went on').trimEnd()
          for (let length = 1; length < whole.length; length += 301)
            await login(argv, home)(scriptOf(whole.slice(0, length)))
          await login(argv, home)(scriptOf(whole.slice(0, -1)))
          assert.equal(readdirSync(home), [])
        }),
      options,
    )

    test(
      'is taken in a hostile environment as in any other',
      () =>
        inFolder(async folder =>
          inHome(async home => {
            mkdirSync(`${folder}/.steward`)
            const hostile = ['IFS=0123456789', 'LC_ALL=xx', `CDPATH=${folder}`, 'run=x', 'turn=/etc/passwd']
            const run = login(['env', ...hostile, 'SHELLOPTS=noglob:noclobber', ...argv], home)
            assert.is(await tagOf(run, 'ours'), 'Taken')
            assert.is(await tagOf(run, 'ours'), 'Renewed')
            assert.is(await tagOf(login(argv, home), 'other'), 'Held')
          }),
        ),
      options,
    )
  })
}

describe('the lock of a host', test => {
  test(
    'is refused where its folder or file is of another login',
    () =>
      inHome(async home => {
        for (const path of [`${home}/.steward`, lockIn(home)]) {
          await take(passing(['/bin/sh'], home), 'ours')
          chownSync(path, nobody, nobody)
          assert.match(
            refusedFor((await take(login(['/bin/sh'], home), 'ours')).taking),
            /belongs to uid 65534, not to/,
          )
          chownSync(path, 0, 0)
        }
      }),
    needsRoot,
  )

  test(
    'is refused in a home of the login that takes nothing: not permitted, read-only or full',
    () =>
      inHome(async home => {
        chownSync(home, nobody, nobody)
        chmodSync(home, 0o500)
        const spoiled: readonly (readonly [RegExp, string])[] = [
          [/\.steward cannot be made: full, read-only/, ''],
          [/\.steward cannot be made: full, read-only/, 'mount -t tmpfs -o ro,uid=65534 x "$HOME";'],
          [/lock cannot be written: full, or read-only/, `${full} head -c 9000 /dev/zero >"$HOME/full";`],
          [/^nothing can be written in .*: full, read-only/s, `${full} mount -o remount,ro "$HOME";`],
        ]
        for (const [why, spoil] of spoiled) {
          const { taking, wentOn } = await take(asLogin(spoil, home), 'ours')
          assert.match(refusedFor(taking), why)
          assert.not.ok(wentOn)
        }
      }),
    needsNamespaces,
  )

  test(
    'is kept by its run where it cannot be renewed, and by nobody else',
    () =>
      inHome(async home => {
        const run = changed('mount --bind "$HOME" "$HOME"; mount -o remount,ro,bind "$HOME"; exec /bin/sh', {
          env: { PATH: process.env['PATH'] ?? '', HOME: home },
        })
        await take(login(['/bin/sh'], home), 'ours')
        const before = textIn(home)
        for (const name of ['ours', 'other']) assert.is(await tagOf(run, name), 'Refused')
        assert.is((await release(run, 'ours'))._tag, 'Refused')
        assert.is(textIn(home), before)
      }),
    needsNamespaces,
  )

  test(
    'is not called taken or given back when the last step to that fails',
    () =>
      inHome(async home => {
        await take(passing(['/bin/sh'], home), 'theirs')
        // What is mounted cannot be renamed over or removed.
        const lock = '"$HOME/.steward/$(uname -n)/lock"'
        const run = changed(`mount --bind ${lock} ${lock}; exec /bin/sh`, {
          env: { PATH: process.env['PATH'] ?? '', HOME: home },
        })
        assert.equal(await take(run, 'ours'), {
          taking: { _tag: 'Refused', why: 'it cannot be written: full, read-only or not permitted' },
          wentOn: false,
        })
        assert.is((await release(run, 'theirs'))._tag, 'Refused')
        assert.match(textIn(home), /^run theirs\n/)
      }),
    needsNamespaces,
  )

  test(
    'is in the home of the user database where $HOME is missing or of another login',
    () =>
      inFolder(async folder => {
        chownSync(folder, nobody, nobody)
        const as = (home: string | null) =>
          changed(
            `mount --bind ${folder} /mnt; for f in /root /tmp; do mount -t tmpfs x $f; done; ${home ?? 'unset HOME'}; exec /bin/sh`,
          )
        const list = `${placeOfRoot}; ls -A /mnt /tmp | grep -c '^.steward'; echo went on`
        for (const home of [null, 'HOME=/mnt', 'HOME=', 'HOME=relative', 'HOME=/nonexistent']) {
          const nonce = freshNonce()
          const { stdout } = await as(home)(scriptOf(takingText(nonce, 'ours', list)))
          assert.match(stdout, /\nlock\n0\nwent on\n$/, String(home))
        }
      }),
    needsNamespaces,
  )

  test(
    'is in /tmp, where none can take its place, for a login without a home',
    async () => {
      const list = 'cd /tmp/.steward-65534/*; pwd; ls -A; echo went on'
      const as = (mode: string, more = '') =>
        changed(`mount -t tmpfs -o mode=${mode} x /tmp; ${more} HOME=/root exec setpriv ${asNobody} /bin/sh`)
      const nonce = freshNonce()
      const { stdout } = await as('1777')(scriptOf(takingText(nonce, 'ours', list)))
      assert.match(stdout, /\n\/tmp\/\.steward-65534\/[^/\n]+\nlock\nwent on\n$/)
      assert.match(
        refusedFor((await take(as('777'), 'ours')).taking),
        /^\/tmp is not safe for a lock: its mode is drwxrwxrwx/,
      )
      const squat = as('1777', 'mkdir -m 777 /tmp/.steward-65534;')
      assert.match(
        refusedFor((await take(squat, 'ours')).taking),
        /\.steward-65534 belongs to uid 0, not to this login's 65534$/,
      )
    },
    needsNamespaces,
  )

  test(
    'is another one for each host that has the home by NFS',
    () =>
      inHome(async home => {
        const on = (host: string): Run =>
          login(['unshare', '--uts', '/bin/sh', '-c', `echo ${host} >/proc/sys/kernel/hostname; exec /bin/sh`], home)
        for (const host of ['one', 'two', 'one.two']) assert.is(await tagOf(on(host), 'ours'), 'Taken')
        for (const host of ['one', 'two', 'one.two']) assert.is(await tagOf(on(host), 'other'), 'Held')
        assert.equal(readdirSync(`${home}/.steward`).toSorted(), ['one', 'one.two', 'two'])
      }),
    needsNamespaces,
  )

  test(
    'has its holder proved dead without /proc by the kernel alone, and never by what is only hidden',
    () =>
      inHome(async home => {
        const without = (how: string, as = '') =>
          changed(`${how}; ${as} /bin/sh; exit $?`, { env: { PATH: process.env['PATH'] ?? '', HOME: home } })
        const none = without('mount -t tmpfs x /proc')
        for (const [name, tag] of [
          ['theirs', 'Taken'],
          ['ours', 'TakenOver'],
        ] as const)
          assert.is(await tagOf(none, name), tag)
        editIn(home, text => text.replace(/^witness connection .*$/m, `witness connection ${process.pid} -`))
        assert.is(await tagOf(none, 'theirs'), 'Held')
        // The connection is root's, and what root runs does not show.
        chownSync(home, nobody, nobody)
        for (const path of [`${home}/.steward`, placeIn(home), lockIn(home)]) chownSync(path, nobody, nobody)
        const hidden = without('mount -t proc -o hidepid=2 x /proc', `setpriv ${asNobody}`)
        assert.is(await tagOf(hidden, 'theirs'), 'Held')
      }),
    needsNamespaces,
  )

  test(
    'is taken at the cost of six processes at most, as no start begins before it',
    () =>
      inHome(async home => {
        // As they are numbered from 1 there, the newest one tells how many there were.
        const alone = ['unshare', '--pid', '--fork', '--mount-proc', '/bin/sh', '-c', '/bin/sh; exit $?']
        const count = async () => {
          const text = takingText(freshNonce(), 'ours', "sh -c 'echo $$'")
          return Number((await login(alone, home)(scriptOf(text))).stdout.split('\n').at(-2))
        }
        await count()
        assert.ok((await count()) <= 9)
      }),
    needsNamespaces,
  )

  test('is waited for while another has its turn, and given up after some time', () =>
    withProcesses(start =>
      inHome(async home => {
        await take(login(['/bin/sh'], home), 'makes the folders')
        const { pid } = await start(['/bin/sh', '-c', 'echo x; exec sleep 600'])
        writeFileSync(`${placeIn(home)}/turn.${pid}.${truthOf(pid).startTicks}.f00`, '')
        const waiting = take(login(['/bin/sh'], home), 'makes the folders')
        assert.is(await tagOf(login(['/bin/sh'], home), 'ours'), 'Busy')
        assert.is((await waiting).taking._tag, 'Busy')
        await end(pid)
        assert.is(await tagOf(login(['/bin/sh'], home), 'makes the folders'), 'Renewed')
        assert.equal(readdirSync(placeIn(home)), ['lock'])
      }),
    ))

  test('is not kept by a daemon that was launched under it', () =>
    withDaemons(folder =>
      inHome(async home => {
        const daemon = `sleep 600 </dev/null >/dev/null 2>&1 & echo $! >${folder}/a.pid; echo went on`
        assert.ok((await take(passing(['/bin/sh'], home), 'theirs', daemon)).wentOn)
        assert.ok(isRunning(Number(readFileSync(`${folder}/a.pid`, 'utf8'))))
        assert.is(await tagOf(login(['/bin/sh'], home), 'ours'), 'TakenOver')
      }),
    ))

  test('has one line for each value, whatever is in it', () =>
    inHome(async home => {
      const odd = "it's $(id)\n`id`\tend\r\nwitness script 1 1 \u001b[31m\u00e9"
      assert.is(await tagOf(login(['/bin/sh'], home), odd), 'Taken')
      assert.is(await tagOf(login(['/bin/sh'], home), odd), 'Renewed')
      assert.match(textIn(home), /^run it's \$\(id\) `id` end witness script 1 1 \[31m\u00e9\nwho /)
      assert.is((await release(login(['/bin/sh'], home), odd))._tag, 'Released')
    }))

  test('is not known to be taken when the answer is cut', () =>
    inHome(async home => {
      const nonce = freshNonce()
      const { stdout } = await login(['/bin/sh'], home)(scriptOf(takingText(nonce, 'ours', ':')))
      assert.match(leftOf(readLock(nonce, stdout.slice(0, -2))), 'cut short')
    }))
})

const full =
  'mount -t tmpfs -o size=4k,uid=65534,mode=700 x "$HOME"; mkdir -m 700 "$HOME/.steward" "$HOME/.steward/$(uname -n)"; chown -R 65534 "$HOME/.steward";'

/** As nobody with this home, spoiled by root in a mount namespace of its own. */
const asLogin = (spoil: string, home: string): Run =>
  changed(`${spoil} exec setpriv ${asNobody} /bin/sh`, { env: { PATH: process.env['PATH'] ?? '', HOME: home } })

const placeOfRoot = 'ls -A "/root/.steward/$(uname -n)"'

/** The place of the lock, as it should be. */
const made = (home: string): string => {
  mkdirSync(placeIn(home), { recursive: true, mode: 0o700 })
  return lockIn(home)
}

const heldBy = (taking: LockTaking) => (taking._tag === 'Held' ? taking.by : null)

const refusedFor = (taking: LockTaking): string =>
  taking._tag === 'Refused' ? taking.why : `not refused: ${taking._tag}`

const withHolders = (
  argv: readonly string[],
  body: (home: string, hold: (name: string) => Promise<Holder>) => Promise<void>,
): Promise<void> =>
  withProcesses(start =>
    withDaemons(folder => inHome(home => body(home, name => holdLock(start, argv, home, folder, name)))),
  )

const end = async (pid: number): Promise<void> => {
  process.kill(pid, 'SIGKILL')
  await until(() => !isRunning(pid))
}
