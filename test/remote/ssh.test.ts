import { readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { inFolder } from '../helpers/folder.js'
import { describe } from '../helpers/test.js'
import { describeTransport } from './every-transport.js'
import { withOddServer } from './odd-server.js'
import { appears, askingScript, assertError, rightOf, run, scriptOf } from './scripts.js'
import { withoutSshd, withSshd } from './sshd.js'

const skip = withoutSshd
const connected: Parameters<typeof describeTransport>[1] = body =>
  withSshd([], async ({ connect }) => body(rightOf(await connect())))

describeTransport('ssh transport', connected, skip)

describe('ssh session', test => {
  const one = withSshd(['MaxSessions 1'], async ({ connect }) => {
    const connection = rightOf(await connect())
    const outputs = ['a', 'b', 'c', 'd', 'e'].map(word => run(connection, `echo ${word}\n`))
    assert.equal(
      (await Promise.all(outputs)).map(({ stdout }) => stdout.trim()),
      ['a', 'b', 'c', 'd', 'e'],
    )
  })
  test('runs scripts one after the other on a host that allows one session', one, { skip })

  const none = withSshd(['MaxSessions 0'], async ({ connect }) => {
    const connection = rightOf(await connect())
    assertError(await connection.run(scriptOf('echo\n'))(), 'Unreachable', 'MaxSessions')
  })
  test('says so of a host that allows none', none, { skip })

  const held = withSshd(['MaxSessions 1'], async ({ connect }) => {
    const connection = rightOf(await connect())
    assertError(await connection.run(scriptOf('sleep 9\n', { deadlineMs: 300 }))(), 'Late')
    const results = await Promise.all(['a', 'b'].map(word => connection.run(scriptOf(`echo ${word}\n`))()))
    for (const result of results) assertError(result, 'Unreachable', 'given up earlier')
  })
  test('does not wait for ever for the only session, which a script given up still holds', held, { skip })

  const four = withSshd([], ({ connect }) =>
    inFolder(async folder => {
      const connection = rightOf(await connect())
      const count = `$(ls ${folder} | grep -c run)`
      const script =
        `: > ${folder}/run.$$; until [ ${count} -ge 4 ] || [ -e ${folder}/four ]; do sleep 0.05; done; ` +
        `: > ${folder}/four; sleep 0.3; echo ${count}; rm ${folder}/run.$$\n`
      const outputs = await Promise.all(Array.from({ length: 12 }, () => run(connection, script)))
      assert.is(Math.max(...outputs.map(({ stdout }) => Number(stdout))), 4)
    }),
  )
  test('keeps to four channels at once', four, { skip })

  const killed = withSshd([], ({ connect }) =>
    inFolder(async folder => {
      const connection = rightOf(await connect())
      const other = connection.run(scriptOf(`: > ${folder}/begun; sleep 9\n`))()
      await appears(`${folder}/begun`)
      const begun = Date.now()
      assertError(await connection.run(scriptOf('kill -9 $PPID; sleep 9\n'))(), 'Lost')
      assertError(await other, 'Lost')
      assertError(await connection.run(scriptOf('echo\n'))(), 'Unreachable')
      assert.ok(Date.now() - begun < 5000)
    }),
  )
  test('loses every script at once when the session of the host is killed', killed, { skip })

  const frozen = withSshd([], ({ connect }) =>
    inFolder(async folder => {
      const connection = rightOf(await connect({ keepaliveMs: 100 }))
      const script = scriptOf(`echo $PPID > ${folder}/pid; kill -STOP $PPID; sleep 9\n`)
      try {
        assertError(await connection.run(script)(), 'Lost', 'no sign of life for 0.4 s')
      } finally {
        process.kill(Number(readFileSync(`${folder}/pid`, 'utf8')), 'SIGKILL')
      }
    }),
  )
  test('loses a script when the host falls silent', frozen, { skip, timeoutMs: 5000 })

  const waiting = withSshd(['MaxSessions 1', 'LogLevel DEBUG1'], ({ connect, log, logged }) =>
    inFolder(async folder => {
      const connection = rightOf(await connect())
      const long = run(connection, `: > ${folder}/begun; until [ -e ${folder}/go ]; do sleep 0.05; done\n`)
      await appears(`${folder}/begun`)
      const next = run(connection, 'echo on\n')
      await logged('no more sessions')
      await delay(1000)
      assert.ok(log().split('no more sessions').length <= 3, 'asked again while the session was taken')
      writeFileSync(`${folder}/go`, '')
      await long
      assert.is((await next).stdout, 'on\n')
    }),
  )
  test('waits for the end of a script on a host that allows one session', waiting, { skip })

  const forced = withSshd(['ForceCommand echo "only this"; exit 1'], async ({ connect }) => {
    assert.is((await run(rightOf(await connect()), 'echo no\n')).stdout, 'only this\n')
  })
  test('gives back what a forced command says instead of a shell', forced, { skip })

  const noExec = withOddServer(
    (_accept, reject) => reject(),
    async connection => {
      assertError(await connection.run(scriptOf('true\n'))(), 'BadAnswer', 'does not let this login run commands')
    },
  )
  test('says so of a host that runs no commands', noExec, { skip })

  const noExit = withOddServer(
    accept => accept().close(),
    async connection => {
      assertError(await connection.run(scriptOf('true\n'))(), 'Lost', 'did not say how the script ended')
    },
  )
  test('does not take a closed channel for the end of a script', noExit, { skip })

  const asksAndGoes = withOddServer(
    (accept, _reject, socket) => {
      // All in one packet: the channel is closed before the first byte of it is looked at.
      socket.cork()
      const channel = accept()
      channel.write('ASK\n')
      channel.exit(3)
      channel.close()
      socket.uncork()
    },
    async connection => {
      assert.is(rightOf(await connection.run(askingScript('ASK', () => '!'))()).code, 3)
    },
  )
  test('bears a host that asks and does not wait for the answer', asksAndGoes, { skip })
})
