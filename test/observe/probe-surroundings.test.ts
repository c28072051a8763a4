import { chmodSync, writeFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import type { Observation } from '../../lib/model/observation.js'
import { inFolder } from '../helpers/folder.js'
import { describe } from '../helpers/test.js'
import { whileListening } from './listening.js'
import { listenersOn, lookAt, seenBy, seenOf } from './looks.js'
import { idle, truthOf, withProcesses } from './processes.js'
import { type Run, shellOf } from './shells.js'
import { asNobody, changed, hide, needsNamespaces, needsRoot, nobody } from './surroundings.js'

describe('the probe in a hostile environment', test => {
  const path = process.env['PATH'] ?? ''
  for (const [name, value] of [
    ['COLUMNS', '20'],
    ['LINES', '3'],
    ['PS_FORMAT', 'pid'],
    ['PS_PERSONALITY', 'old'],
    ['CMD_ENV', 'old'],
    ['I_WANT_A_BROKEN_PS', '1'],
    ['POSIXLY_CORRECT', '1'],
    ['GREP_OPTIONS', '-v'],
    ['LC_ALL', 'tr_TR.UTF-8'],
    ['LC_ALL', 'C.UTF-8'],
    ['LANG', 'xx'],
    ['IFS', '0123456789/'],
    ['PROC_ROOT', '/nonexistent'],
    ['PROC_NET_TCP', '/etc/hosts'],
    ['TCPDIAG_FILE', '/etc/hosts'],
    ['PATH', '/nonexistent'],
    ['PATH', ''],
  ] as const) {
    const env = { PATH: path, [name]: value }
    test(`sees the same with ${name}=${value}`, () => seesTheTruth(shellOf(['/bin/sh'], { env })))
    // Without a PATH the test's own tools could not be found.
    if (name === 'PATH') continue
    test(
      `sees the same with ${name}=${value} where only ps can tell`,
      () => seesTheTruth(changed(`${hide('grep')} exec /bin/sh`, { env }), { processesBy: 'ps' }),
      needsNamespaces,
    )
  }

  test('sees the same with a folder of other tools first in PATH', () =>
    inFolder(async folder => {
      for (const tool of ['ps', 'ss', 'netstat', 'id', 'grep', 'cat'])
        writeFileSync(`${folder}/${tool}`, '#!/bin/sh\necho 0\n', { mode: 0o755 })
      await seesTheTruth(shellOf(['/bin/sh'], { env: { PATH: `${folder}:${path}` } }))
    }))

  test('sees the same with no environment at all', () => seesTheTruth(shellOf(['/bin/sh'], { env: {} })))
})

describe('the probe as a plain user', test => {
  const run = shellOf(['/bin/sh'], { uid: nobody })

  test(
    'sees the processes of others, and sockets without their owners',
    () =>
      withProcesses(async start => {
        const { pid } = await start(idle('x'))
        await whileListening('127.0.0.1', async port => {
          const seen = await lookAt({}, run)
          assert.is(seen.login.uid, nobody)
          assert.equal(seenOf(seen, pid), truthOf(pid))
          assert.equal(listenersOn(seen, port), [{ address: '127.0.0.1', port, owners: null }])
        })
      }),
    needsRoot,
  )

  test(
    'tells a file that it may not read from a missing one',
    () =>
      inFolder(async folder => {
        chmodSync(folder, 0o755)
        writeFileSync(`${folder}/secret`, 'x', { mode: 0o600 })
        const { files } = await lookAt({ files: [`${folder}/secret`, `${folder}/missing`] }, run)
        assert.equal(
          [...files.values()].map(file => file._tag === 'Unseen' && file.why),
          ['it cannot be read', 'there is no such file on the host'],
        )
      }),
    needsRoot,
  )

  test(
    'is without processes where those of others are hidden',
    async () => {
      const { processes } = await lookAt(
        {},
        changed(`mount -t proc -o hidepid=2 proc /proc && exec setpriv ${asNobody} /bin/sh`),
      )
      assert.match(JSON.stringify(processes), 'not shown all processes')
    },
    needsNamespaces,
  )
})

describe('the probe on a host that lacks tools', test => {
  test('sees processes without ps', () => seesTheTruth(without('ps')), needsNamespaces)
  test('sees processes without grep', () => seesTheTruth(without('grep'), { processesBy: 'ps' }), needsNamespaces)
  test(
    'sees sockets and owners without ss',
    () => seesTheTruth(without('ss'), { socketsBy: 'netstat' }),
    needsNamespaces,
  )
  test(
    'sees sockets and owners without ps, ss and netstat',
    () => seesTheTruth(without('ps', 'ss', 'netstat'), { socketsBy: '/proc/net/tcp' }),
    needsNamespaces,
  )

  test(
    'is without processes, which is not the same as seeing none, when it has neither ps nor grep',
    async () => assert.is((await lookAt({}, without('ps', 'grep'))).processes._tag, 'Unseen'),
    needsNamespaces,
  )

  test(
    'sees a long address whole without ss',
    async () => {
      const address = '2001:db8:1:2:3:4:5:4444'
      const listen = `use Socket qw(:all); $^F = 99; socket my $s, PF_INET6, SOCK_STREAM, 0; listen $s, 1 if bind $s, pack_sockaddr_in6(2013, inet_pton(AF_INET6, "${address}")); exec "/bin/sh"`
      const run = changed(
        `ip link set lo up; ip address add ${address}/128 dev lo; ${hide('ss')} exec perl -e '${listen}'`,
        { net: true },
      )
      assert.equal(
        listenersOn(await lookAt({}, run), 2013).map(listener => listener.address),
        [address],
      )
    },
    needsNamespaces,
  )
})

const best = { processesBy: '/proc', socketsBy: 'ss', owners: [process.pid] as readonly number[] | null }

/** Processes, arguments and sockets as they are, seen by these tools. */
const seesTheTruth = (run: Run, sight: Partial<typeof best> = {}): Promise<void> =>
  withProcesses(async start => {
    const { pid } = await start(idle('a b', '', 'x'.repeat(300), 'I\u0131\u00e9'))
    await whileListening('127.0.0.1', async port => {
      const { processesBy, socketsBy, owners } = { ...best, ...sight }
      const seen = await lookAt({}, run)
      assert.is(seenBy(seen.processes), processesBy)
      assert.is(seenBy(seen.listeners), socketsBy)
      if (processesBy === 'ps') assert.equal(seenByPs(seen, pid), asPsShows(pid))
      else assert.equal(seenOf(seen, pid), truthOf(pid))
      assert.equal(listenersOn(seen, port), [{ address: '127.0.0.1', port, owners }])
    })
  })

/** `ps` joins arguments, and shows what is no ASCII in its own way: all before that is compared. */
const seenByPs = (seen: Observation, pid: number) => joined(seenOf(seen, pid))
const asPsShows = (pid: number) => joined(truthOf(pid))

const joined = ({ pid, ppid, uid, args }: ReturnType<typeof seenOf>) => {
  const line = args.join(' ').split(/\s+/).join(' ')
  return { pid, ppid, uid, line: line.slice(0, line.indexOf('xxx') + 300) }
}

const without = (...tools: readonly string[]): Run => changed(`${hide(...tools)} exec /bin/sh`)
