import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import type { HostName } from '../../lib/model/names.js'
import { localTransport } from '../../lib/remote/local.js'
import { inFolder } from '../helpers/folder.js'
import { describe } from '../helpers/test.js'
import { describeTransport } from './every-transport.js'
import { rightOf, run, scriptOf } from './scripts.js'

const connect = async () => rightOf(await localTransport.connect('here' as HostName, { _tag: 'Local' })())

describeTransport('local transport', body => async () => body(await connect()))

describe('local transport, on its own', test => {
  test('ends the shell it gives up', () =>
    inFolder(async folder => {
      const connection = await connect()
      await connection.run(scriptOf(`echo $$ > ${folder}/pid; while :; do sleep 0.1; done\n`, { deadlineMs: 500 }))()
      const pid = Number(readFileSync(`${folder}/pid`, 'utf8'))
      while (isAlive(pid)) await delay(20)
    }))

  test('keeps a Ctrl-C at our terminal from the shell: it has a session of its own', async () => {
    const { stdout } = await run(await connect(), 'ps -o sid= -p $$; echo $$\n')
    const [session, shell] = stdout.trim().split(/\s+/)
    assert.is(session, shell)
  })

  test('bears a shell that ends before it has read its script', async () => {
    assert.is((await run(await connect(), `exec true\n${'#'.repeat(1_000_000)}`)).code, 0)
  })
})

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
