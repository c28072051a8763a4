import { existsSync, readdirSync, rmSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { launchScript, readLaunches } from '../../lib/act/launch.js'
import { readLock } from '../../lib/act/lock.js'
import { signalScript } from '../../lib/act/signal.js'
import { goAhead, question } from '../../lib/model/frame.js'
import { shellWord } from '../../lib/model/shell.js'
import { describe } from '../helpers/test.js'
import { leftOf, rightOf } from '../observe/either.js'
import { asSeen, bootId, idle, isRunning, truthOf, until, withProcesses } from '../observe/processes.js'
import { type Run, scriptOf, shellsHere } from '../observe/shells.js'
import { claimOf, freshNonce, inHome, lockIn, login, release, runOf, take, textIn } from './locks.js'

for (const { name, argv, options } of shellsHere()) {
  describe(`acting under the lock of a host, in ${name}`, test => {
    test(
      'launches what it is told to when it has the lock, and keeps it',
      () =>
        inHome(async home => {
          const { taking, results } = await launch(login(argv, home), ['echo one', 'echo two; exit 3'])
          assert.is(rightOf(taking)._tag, 'Taken')
          assert.equal(
            rightOf(results).map(({ code, output }) => [code, output]),
            [
              [0, 'one'],
              [3, 'two'],
            ],
          )
          assert.match(textIn(home), /^run ours\n/)
        }),
      options,
    )

    test(
      'neither looks nor launches when another has it',
      () =>
        inHome(async home => {
          await take(login(argv, home), 'theirs')
          const { taking, results, stdout } = await launch(login(argv, home), [`touch ${shellWord(home)}/launched`])
          assert.is(rightOf(taking)._tag, 'Held')
          assert.not.match(stdout, /looked|go\?/)
          assert.ok(leftOf(results))
          assert.equal(readdirSync(home), ['.steward'])
        }),
      options,
    )

    test(
      'launches nothing when it has lost the lock before the go-ahead came: to nobody, or to another',
      () =>
        inHome(async home => {
          const lose = () => rmSync(lockIn(home))
          const first = await launch(login(argv, home), [`touch ${shellWord(home)}/launched`], lose)
          assert.equal(rightOf(first.taking), { _tag: 'Lost', to: null })
          const pass = async () => {
            rmSync(lockIn(home))
            await take(login(argv, home), 'theirs')
          }
          const second = await launchSlowly(argv, home, pass)
          assert.is(second._tag === 'Lost' && runOf(second.to), 'theirs')
          assert.equal(readdirSync(home), ['.steward'])
        }),
      options,
    )

    test(
      'launches nothing more when it has lost the lock between two commands',
      () =>
        inHome(async home => {
          const commands = [`rm ${shellWord(lockIn(home))}; echo one`, `touch ${shellWord(home)}/launched`]
          const { results } = await launch(login(argv, home), commands)
          assert.equal(
            rightOf(results).map(({ code, output }) => [code, output]),
            [
              [0, 'one'],
              [124, 'not launched: the lock of the host has passed to another run'],
            ],
          )
          assert.not.ok(existsSync(`${home}/launched`))
        }),
      options,
    )

    test(
      'hands nothing on to what it launches but the environment of the login',
      () =>
        inHome(async home => {
          const show = 'pwd; umask; env | grep -c -e ^steward_ -e ^turn= -e ^LC_ALL=; readlink /proc/$$/fd/9'
          const { results } = await launch(login(argv, home), [show, 'echo "$PATH"'])
          const umask = process.umask().toString(8).padStart(4, '0')
          const [first, second] = rightOf(results).map(({ output }) => output)
          assert.equal([first, second], [`/\n${umask}\n0`, process.env['PATH'] ?? ''])
        }),
      options,
    )

    test(
      'signals only when it has the lock',
      () =>
        withProcesses(start =>
          inHome(async home => {
            const { pid } = await start(idle('service'))
            const run = login(argv, home)
            await take(run, 'theirs')
            assert.is(rightOf(await signal(run, pid))._tag, 'Held')
            assert.ok(isRunning(pid))
            await release(run, 'theirs')
            assert.is(rightOf(await signal(run, pid))._tag, 'Taken')
            await until(() => !isRunning(pid))
          }),
        ),
      options,
    )
  })
}

const launch = async (run: Run, commands: readonly string[], whileAsked: () => void = () => {}) => {
  const nonce = freshNonce()
  const launches = commands.map(command => ({ what: command, command }))
  const text = launchScript(nonce, 'steward_look() { echo looked; }', launches, 60_000, claimOf('ours'))
  const answer = () => {
    whileAsked()
    return `${goAhead(nonce)}\n`
  }
  const { stdout } = await run(scriptOf(text, { question: question(nonce), answer }))
  return { stdout, taking: readLock(nonce, stdout), results: readLaunches(nonce, launches, stdout) }
}

/** The go-ahead is in time, but something takes place while it is on its way. */
const launchSlowly = async (argv: readonly string[], home: string, meanwhile: () => Promise<void>) => {
  const nonce = freshNonce()
  const look = `steward_look() { until [ -e ${shellWord(home)}/go ]; do sleep 0.01; done; rm ${shellWord(home)}/go; }`
  const launches = [{ what: 'it', command: `touch ${shellWord(home)}/launched` }]
  const text = launchScript(nonce, look, launches, 60_000, claimOf('ours'))
  const run = login(argv, home)(scriptOf(text, { question: question(nonce), answer: () => `${goAhead(nonce)}\n` }))
  await until(() => existsSync(lockIn(home)))
  await meanwhile()
  await login(argv, home)(scriptOf(`touch ${shellWord(home)}/go`))
  return rightOf(readLock(nonce, (await run).stdout))
}

const signal = async (run: Run, pid: number) => {
  const nonce = freshNonce()
  const process = asSeen(truthOf(pid))
  const text = signalScript(nonce, 'KILL', bootId(), [{ process, args: ['service'] }], claimOf('ours'))
  return readLock(nonce, (await run(scriptOf(text))).stdout)
}
