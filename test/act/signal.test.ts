import { existsSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { readSignals, type SignalResult, signalScript } from '../../lib/act/signal.js'
import type { Process } from '../../lib/model/observation.js'
import type { Watched } from '../../lib/model/plan.js'
import { describe } from '../helpers/test.js'
import { leftOf, rightOf } from '../observe/either.js'
import {
  asSeen,
  bootId,
  idle,
  isRunning,
  type Started,
  stateOf,
  truthOf,
  until,
  waiting,
  withProcesses,
} from '../observe/processes.js'
import { here, type Run, scriptOf, shellOf, shellsHere } from '../observe/shells.js'
import { needsRoot, nobody } from '../observe/surroundings.js'

for (const { name, argv, options } of shellsHere()) {
  describe(`a signal sent by ${name}`, test => {
    const run = shellOf(argv)

    test(
      'reaches the proven process, and not its twin',
      () =>
        withTwins(['service', 'a b'], async (victim, twin) => {
          assert.equal(await signal([seen(victim, ['service', 'a b'])], { run }), ['sent'])
          await until(() => !isRunning(victim.pid))
          assert.equal(truthOf(twin.pid), twin.truth)
        }),
      options,
    )

    test(
      'is not sent to a process that started at another time, belongs to another user or shows other arguments',
      () =>
        withTwins(['service'], async victim => {
          const { startTicks, uid } = victim.truth
          const changed = [
            seen(victim, ['service'], { startTicks: startTicks + 1 }),
            seen(victim, ['service'], { uid: uid + 1 }),
          ]
          assert.equal(await signal([...changed, seen(victim, ['other'])], { run }), ['another', 'another', 'another'])
          assert.equal(truthOf(victim.pid), victim.truth)
        }),
      options,
    )

    test(
      'is not sent where an argument only looks like the declared one',
      () =>
        withTwins(['service2', '/etc/service', 'x\nservice\ny', 'SERVICE', 'service ', 's.*'], async victim => {
          for (const declared of ['service', 'servic', 'servic.', 'a\nservice', '.*', ''])
            assert.equal(await signal([seen(victim, [declared])], { run }), ['another'], declared)
          assert.equal(truthOf(victim.pid), victim.truth)
        }),
      options,
    )

    test(
      'is sent whatever the declared argument holds',
      async () => {
        for (const declared of [
          "it's",
          '$(id) `id` "',
          'new\nline',
          '-v',
          '',
          '\\',
          '*',
          '\u00e9',
          'x'.repeat(131_071),
        ])
          await withTwins(['x', declared, 'y'], async victim =>
            assert.equal(await signal([seen(victim, [declared])], { run }), ['sent'], declared.slice(0, 20)),
          )
      },
      options,
    )

    test(
      'is not sent without proof: no start time, no user, no arguments, or another boot',
      () =>
        withTwins(['service'], async victim => {
          const blind = [
            seen(victim, ['service'], { startTicks: null }),
            seen(victim, ['service'], { uid: null }),
            seen(victim, []),
          ]
          assert.equal(await signal(blind, { run }), ['unproved', 'unproved', 'unproved'])
          for (const boot of [null, '', 'another'])
            assert.equal(await signal([seen(victim, ['service'])], { run, boot }), ['unproved'])
          assert.equal(truthOf(victim.pid), victim.truth)
        }),
      options,
    )

    test(
      'is never sent to pid 1, to the script itself or to what is above it',
      async () => {
        const above = [1, process.pid, process.ppid].map(pid => seen({ pid, truth: truthOf(pid) }, ['x']))
        assert.equal(await signal(above, { run, name: '0' }), ['refused', 'refused', 'refused'])
        const itself = (script: string) => script.replaceAll('4242', () => '"$$"')
        assert.equal(await signal([seen({ pid: 4242, truth: truthOf(1) }, ['x'])], { run, name: '0', edit: itself }), [
          'refused',
        ])
      },
      options,
    )

    test(
      'finds those gone that have ended, waited for or not',
      () =>
        withProcesses(async start => {
          const parent = await start(['perl', '-e', 'my $p = fork; $p or exit; $| = 1; print "$p\n"; sleep 600'])
          const zombie = { pid: Number(parent.said), truth: truthOf(Number(parent.said)) }
          const ended = known(await start(idle('x')))
          process.kill(ended.pid, 'SIGKILL')
          await until(() => stateOf(zombie.pid) === 'Z' && !existsSync(`/proc/${ended.pid}`))
          assert.equal(await signal([seen(zombie, ['x']), seen(ended, ['x'])], { run }), ['gone', 'gone'])
        }),
      options,
    )

    test(
      'is not sent by a script that is cut on its way',
      () =>
        withTwins(['service'], async victim => {
          const whole = signalScript('f00', 'KILL', bootId(), [seen(victim, ['service'])]).trimEnd()
          for (let length = 1; length < whole.length; length += 67)
            assert.is((await run(scriptOf(whole.slice(0, length)))).stdout, '')
          assert.is((await run(scriptOf(whole.slice(0, -1)))).stdout, '')
          assert.equal(truthOf(victim.pid), victim.truth)
        }),
      options,
    )
  })
}

describe('a signal', test => {
  test('is the one that was asked for', () =>
    withTwins(['service'], async victim => {
      assert.equal(await signal([seen(victim, ['service'])], { name: 'STOP' }), ['sent'])
      await until(() => stateOf(victim.pid) === 'T')
      assert.equal(await signal([seen(victim, ['service'])], { name: 'KILL' }), ['sent'])
      await until(() => !isRunning(victim.pid))
    }))

  test('is judged for each process alone', () =>
    withTwins(['service'], async (victim, twin) => {
      const other = seen(twin, ['service'], { startTicks: 1 })
      assert.equal(await signal([other, seen(victim, ['service']), other]), ['another', 'sent', 'another'])
      await until(() => !isRunning(victim.pid))
      assert.equal(truthOf(twin.pid), twin.truth)
    }))

  test('reaches a process whatever it calls itself', () =>
    withProcesses(async start => {
      const renamed = `open my $f, '>', '/proc/self/comm'; syswrite $f, ") S 1 1\\n) Z"; ${waiting}`
      const { pid } = await start(['perl', '-e', renamed, 'service'])
      assert.equal(await signal([seen({ pid, truth: truthOf(pid) }, ['service'])]), ['sent'])
    }))

  test('is proved the same in a hostile environment', () =>
    withTwins(['service'], async (victim, twin) => {
      const run = shellOf(['/bin/sh'], {
        env: { PATH: '/nonexistent', IFS: '0123456789', LC_ALL: 'xx', GREP_OPTIONS: '-v' },
      })
      assert.equal(await signal([seen(victim, ['service']), seen(twin, ['other'])], { run }), ['sent', 'another'])
    }))

  test(
    'that this login may not send is not called sent, nor the process gone',
    () =>
      withTwins(['service'], async victim => {
        assert.equal(await signal([seen(victim, ['service'])], { run: shellOf(['/bin/sh'], { uid: nobody }) }), [
          'unproved',
        ])
        assert.equal(truthOf(victim.pid), victim.truth)
      }),
    needsRoot,
  )

  test('is not known to be sent when the answer is cut', async () => {
    const { stdout } = await here(scriptOf(signalScript('f00', '0', bootId(), [])))
    assert.match(leftOf(readSignals('f00', [], stdout.slice(0, -2))), 'cut short')
  })
})

type Victim = Readonly<{ pid: number; truth: ReturnType<typeof truthOf> }>

/** Two processes that differ in nothing but their pids and start. */
const withTwins = (args: readonly string[], body: (victim: Victim, twin: Victim) => Promise<void>): Promise<void> =>
  withProcesses(async start => {
    await body(known(await start(idle(...args))), known(await start(idle(...args))))
  })

const known = ({ pid }: Started): Victim => ({ pid, truth: truthOf(pid) })

/** As it was observed, and declared by these arguments. */
const seen = ({ pid, truth }: Victim, args: readonly string[], changes: Partial<Process> = {}): Watched => {
  return { process: { ...asSeen(truth), pid, ...changes }, bootId: bootId(), args }
}

type Sending = Readonly<{ name?: string; boot?: string | null; run?: Run; edit?: (script: string) => string }>

const signal = async (
  targets: readonly Watched[],
  { name = 'TERM', boot = bootId(), run = here, edit = text => text }: Sending = {},
): Promise<readonly SignalResult['outcome'][]> => {
  const { stdout } = await run(scriptOf(edit(signalScript('f00', name, boot, targets))))
  return rightOf(readSignals('f00', targets, stdout)).map(({ outcome }) => outcome)
}
