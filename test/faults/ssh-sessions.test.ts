import { readFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { inFolder } from '../helpers/folder.js'
import { describe } from '../helpers/test.js'
import { appears, assertError, leftOf, rightOf, run, scriptOf } from '../remote/scripts.js'
import { withoutSshd, withSshd } from '../remote/sshd.js'
import { clients } from './clients.js'

const skip = withoutSshd

for (const { name, with: over } of clients) {
  describe(`a session over ${name}`, test => {
    test(
      'waits for the only one that a host allows (MaxSessions 1)',
      withSshd(['MaxSessions 1'], async ({ connect, log }) => {
        const connection = rightOf(await connect(over))
        const words = ['a', 'b', 'c', 'd', 'e']
        const outputs = await Promise.all(words.map(word => run(connection, `echo ${word}\n`)))
        assert.equal(
          outputs.map(({ stdout }) => stdout.trim()),
          words,
        )
        assert.is(log().split('Accepted publickey').length, 2, 'logged in again for a session')
      }),
      { skip },
    )

    test(
      'is said not to be had on a host that allows none',
      withSshd(['MaxSessions 0'], async ({ connect, log }) => {
        const connection = rightOf(await connect(over))
        assertError(await connection.run(scriptOf('echo\n'))(), 'Unreachable', 'MaxSessions')
        assert.is(log().split('Accepted publickey').length, 2)
      }),
      { skip },
    )

    test(
      'is lost, with all others, when its sshd is killed, and nothing more is sent',
      withSshd([], ({ connect }) =>
        inFolder(async folder => {
          const connection = rightOf(await connect(over))
          const other = connection.run(scriptOf(`: > ${folder}/begun; sleep 9\n`))()
          await appears(`${folder}/begun`)
          assertError(await connection.run(scriptOf('kill -9 $PPID; sleep 9\n'))(), 'Lost')
          assertError(await other, 'Lost')
          assertError(await connection.run(scriptOf('echo\n'))(), 'Unreachable')
        }),
      ),
      { skip, timeoutMs: 10_000 },
    )

    test(
      'is lost when its sshd is stopped: it is noticed by the silence',
      withSshd([], ({ connect }) =>
        inFolder(async folder => {
          const connection = rightOf(await connect({ ...over, keepaliveMs: 1000 }))
          const script = scriptOf(`echo $PPID > ${folder}/pid; kill -STOP $PPID; sleep 30\n`)
          try {
            assertError(await connection.run(script)(), 'Lost', 'no sign of life for 4 s')
          } finally {
            process.kill(Number(readFileSync(`${folder}/pid`, 'utf8')), 'SIGKILL')
          }
        }),
      ),
      { skip, timeoutMs: 12_000 },
    )

    test(
      'gives back what a forced command says instead of a shell',
      withSshd(['ForceCommand echo "only this"; exit 1'], async ({ connect }) => {
        const output = await run(rightOf(await connect(over)), 'echo no\n')
        assert.equal(output, { stdout: 'only this\n', stderr: '', code: 1 })
      }),
      { skip },
    )

    test(
      'is not mistaken for a shell where there is none',
      withSshd(['ForceCommand /bin/false'], async ({ connect }) => {
        const output = await rightOf(await connect(over)).run(scriptOf('echo no\n'))()
        assert.ok(output._tag === 'Left' ? leftOf(output)._tag === 'Lost' : output.right.stdout === '')
      }),
      { skip },
    )
  })
}
