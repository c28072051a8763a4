import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { Either } from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import type { Listener } from '../../lib/model/observation.js'
import { parseNetstat } from '../../lib/observe/netstat.js'
import { joinOwners, parseNetTcp, parseSocketOwners } from '../../lib/observe/proc-sockets.js'
import { type PsRow, parsePs } from '../../lib/observe/ps.js'
import { parseSs } from '../../lib/observe/ss.js'
import { describe } from '../helpers/test.js'
import { rightOf } from './either.js'
import { whileListening } from './listening.js'
import { idle, stateOf, truthOf, until, withProcesses } from './processes.js'

const printed = ([file = '', ...args]: readonly string[]): string =>
  spawnSync(file, args, { encoding: 'utf8', maxBuffer: 64_000_000, env: { ...process.env, LC_ALL: 'C' } }).stdout

const needs = (command: string) => (spawnSync(command, ['--help']).error ? { skip: `there is no ${command} here` } : {})

describe('what the tools of this machine print of sockets', test => {
  for (const [parse, owned, ...command] of [
    [parseNetstat, true, 'netstat', '-lntpW'],
    [parseNetstat, true, 'netstat', '-antpeoW'],
    [parseNetstat, false, 'netstat', '-anW'],
    [parseNetstat, true, 'toybox', 'netstat', '-lntpW'],
    [parseNetstat, true, 'toybox', 'netstat', '-antpeW'],
    [parseNetstat, false, 'busybox', 'netstat', '-an'],
    [parseSs, true, 'ss', '-lntp'],
    [parseSs, true, 'ss', '-Hantpe'],
    [parseSs, true, 'ss', '-antpi'],
    [parseSs, true, 'ss', '-anp'],
  ] as const) {
    test(`is read: ${command.join(' ')}`, () => readsSockets(() => parse(printed(command)), owned), needs(command[0]))
  }

  for (const ls of [
    ['ls', '-lnb'],
    ['busybox', 'ls', '-ln'],
  ] as const) {
    test(
      `is read: /proc/net/tcp with ${ls.join(' ')} /proc/PID/fd`,
      () => {
        const owners = () => parseSocketOwners(printed(['/bin/sh', '-c', `${ls.join(' ')} /proc/[0-9]*/fd`]))
        const tables = () => ['tcp', 'tcp6'].map(name => readFileSync(`/proc/net/${name}`, 'utf8')).join('')
        return readsSockets(
          () => ({ _tag: 'Right', right: joinOwners(rightOf(parseNetTcp(tables())), owners()) }),
          true,
        )
      },
      needs(ls[0]),
    )
  }
})

describe('what the tools of this machine print of processes', test => {
  for (const command of [
    [
      'ps',
      '-A',
      '-ww',
      '-o',
      'pid',
      '-o',
      'ppid',
      '-o',
      'uid',
      '-o',
      'stat',
      '-o',
      'etime',
      '-o',
      'lstart',
      '-o',
      'args',
    ],
    ['ps', '-ef', '-ww'],
    ['ps', 'auxww'],
    ['ps', 'axlww'],
    ['busybox', 'ps', '-o', 'pid,ppid,user,stat,args'],
    ['busybox', 'ps', '-o', 'pid,ppid,user,vsz,rss,tty,stat,args'],
    ['toybox', 'ps', '-A', '-ww', '-o', 'pid', '-o', 'ppid', '-o', 'uid', '-o', 'stat', '-o', 'etime', '-o', 'args'],
    ['toybox', 'ps', '-A', '-ww', '-o', 'pid', '-o', 'ppid', '-o', 'uid', '-o', 'stat', '-o', 'etime', '-o', 'cmdline'],
    ['toybox', 'ps', '-ef'],
  ] as const) {
    test(
      `is read: ${command.join(' ')}`,
      () =>
        withProcesses(async start => {
          const { pid } = await start(['nice', ...idle('N', '12:30', '1 0 0 S 00:01 init')])
          await until(() => stateOf(pid) === 'S')
          const row = rightOf(parsePs(printed(command))).find(one => one.pid === pid)
          assert.match(row?.line ?? '', / N 12:30 1 0 0 S 00:01 init$/)
          assert.match(row?.line ?? '', /^(\/usr\/bin\/)?perl -e /)
          tellsTruth(row, truthOf(pid))
        }),
      needs(command[0]),
    )
  }
})

const readsSockets = (look: () => Either<string, readonly Listener[]>, owned: boolean): Promise<void> =>
  whileListening('127.0.0.1', port4 =>
    whileListening('::', async port6 => {
      const listeners = rightOf(look())
      const owners = owned ? [process.pid] : null
      for (const [port, address] of [
        [port4, '127.0.0.1'],
        [port6, '*'],
      ] as const)
        assert.equal(
          listeners.filter(listener => listener.port === port),
          [{ address, port, owners }],
        )
    }),
  )

/** What the table tells is so. */
const tellsTruth = (row: PsRow | undefined, truth: ReturnType<typeof truthOf>): void => {
  assert.ok(row !== undefined)
  assert.ok(row?.ppid === null || row?.ppid === truth.ppid)
  assert.ok(row?.uid === null || row?.uid === truth.uid)
  assert.ok(row?.state === null || row?.state === 'S')
  assert.ok(row?.ageSeconds === null || (row?.ageSeconds ?? 99) < 10)
  const startedMs = Date.parse(`${row?.startedAt} UTC`)
  assert.ok(row?.startedAt === null || Math.abs(Date.now() - startedMs) < 86_400_000)
}
