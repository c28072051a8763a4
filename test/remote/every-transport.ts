/** What every transport must do, whichever way it reaches a shell. */
import { writeFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import type { Connection } from '../../lib/remote/transport.js'
import { inFolder } from '../helpers/folder.js'
import { describe } from '../helpers/test.js'
import { appears, askingScript, assertError, rightOf, run, scriptOf } from './scripts.js'

type WithConnection = (body: (connection: Connection) => Promise<void>) => () => Promise<void>

export const describeTransport = (name: string, connected: WithConnection, skip?: string): void =>
  describe(name, test => {
    const testHost = (title: string, body: (connection: Connection) => Promise<void>) =>
      test(title, connected(body), { skip })

    testHost('gives back what a script prints and how it ends', async connection => {
      const output = await run(connection, 'echo out; echo err >&2; exit 7\n')
      assert.equal(output, { stdout: 'out\n', stderr: 'err\n', code: 7 })
    })

    testHost('keeps NULs, trailing blanks and a missing last newline', async connection => {
      assert.is((await run(connection, `printf ' a\\000b \\n '\n`)).stdout, ' a\0b \n ')
    })

    testHost('brings a megabyte whole', async connection => {
      const { stdout } = await run(
        connection,
        'i=0; while [ $i -lt 65536 ]; do echo 123456789abcdef; i=$((i+1)); done\n',
      )
      assert.is(stdout, '123456789abcdef\n'.repeat(65_536))
    })

    testHost('takes a script of a megabyte', async connection => {
      assert.is((await run(connection, `${': 3456789abcdef\n'.repeat(65_536)}echo end\n`)).stdout, 'end\n')
    })

    testHost('puts a character together that came in two pieces', async connection => {
      assert.is((await run(connection, `printf '\\303'; sleep 0.1; printf '\\251'\n`)).stdout, 'é')
    })

    testHost('marks bytes that are not UTF-8', async connection => {
      assert.is((await run(connection, `printf 'a\\377b'\n`)).stdout, 'a\ufffdb')
    })

    testHost('answers the question of a script with what it printed before', async connection => {
      const script = askingScript('ASK', stdout => `${stdout.split('\n')[0]}!\n`)
      assert.is(rightOf(await connection.run(script)()).stdout, 'before ASK\nASK\ngot before ASK!\n')
    })

    testHost('hands on what a script does not catch: an answer that throws', async connection => {
      const script = askingScript('ASK', () => {
        throw new Error('a bug')
      })
      const outcome = await connection
        .run(script)()
        .catch((bug: Error) => bug.message)
      assert.is(outcome, 'a bug')
    })

    testHost('says of a shell that was killed that it has no exit code', async connection => {
      assert.equal(await run(connection, 'echo here; kill -9 $$\n'), { stdout: 'here\n', stderr: '', code: null })
    })

    testHost('gives a script up at its deadline, even if a child of it holds the pipes', async connection => {
      const begun = Date.now()
      assertError(await connection.run(scriptOf('sleep 9 & wait\n', { deadlineMs: 300 }))(), 'Late', '0.3 s')
      assert.ok(Date.now() - begun < 5000)
      assert.is((await run(connection, 'echo on\n')).stdout, 'on\n')
    })

    testHost('gives a script up that prints too much, counting both streams', async connection => {
      const exact = 'printf 12345; printf 67890 >&2\n'
      assert.is((await run(connection, exact, { maxBytes: 10 })).code, 0)
      assertError(await connection.run(scriptOf(exact, { maxBytes: 9 }))(), 'TooMuchOutput', '9')
      assertError(await connection.run(scriptOf('yes\n', { maxBytes: 100_000 }))(), 'TooMuchOutput')
      assert.is((await run(connection, 'echo on\n')).stdout, 'on\n')
    })

    testHost('does not let a script go on printing that was given up', async connection => {
      await inFolder(async folder => {
        const script = scriptOf(`(yes; : > ${folder}/ended)\n`, { maxBytes: 100_000 })
        assertError(await connection.run(script)(), 'TooMuchOutput')
        await appears(`${folder}/ended`)
      })
    })

    testHost('runs several scripts at once', async connection => {
      await inFolder(async folder => {
        const waiting = run(connection, `until [ -e ${folder}/go ]; do sleep 0.05; done; echo went\n`)
        await run(connection, `: > ${folder}/go\n`)
        assert.is((await waiting).stdout, 'went\n')
      })
    })

    testHost('is not held by what a script leaves behind detached, and leaves it alone', async connection => {
      await inFolder(async folder => {
        const daemon = `until [ -e ${folder}/closed ]; do sleep 0.05; done; : > ${folder}/alive`
        await run(connection, `setsid sh -c '${daemon}' < /dev/null > /dev/null 2>&1 &\n`, { deadlineMs: 5000 })
        await connection.close()
        writeFileSync(`${folder}/closed`, '')
        await appears(`${folder}/alive`)
      })
    })

    testHost('loses its scripts when it is closed, and then takes no more', async connection => {
      await inFolder(async folder => {
        const running = connection.run(scriptOf(`: > ${folder}/begun; sleep 9\n`))()
        await appears(`${folder}/begun`)
        await connection.close()
        assertError(await running, 'Lost', 'was closed')
        assertError(await connection.run(scriptOf('true\n'))(), 'Unreachable', 'was closed')
      })
    })
  })
