import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { steward } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'

const uid = 54_321
const canBecome = process.getuid?.() === 0 && existsSync('/usr/bin/setpriv')
const skip = canBecome ? undefined : 'it needs root, and setpriv of util-linux'

describe('a uid that the password database does not know', test => {
  const runs = async (): Promise<void> => {
    const folder = mkdtempSync(join(tmpdir(), 'steward-nobody-'))
    try {
      chmodSync(folder, 0o777)
      const service = { hosts: 'all', processes: { app: { args: ['/srv/never/app'] } }, start: '/bin/true' }
      writeFileSync(join(folder, 'catalog.yml'), JSON.stringify({ services: { app: service } }))
      writeFileSync(join(folder, 'hosts.yml'), JSON.stringify({ all: { hosts: { here: local } } }))
      const play = { name: 'Stop', hosts: 'all', catalog: 'catalog.yml', services: { app: 'stopped' } }
      writeFileSync(join(folder, 'stop.yml'), JSON.stringify([play]))
      const enter = ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups']
      const env = { HOME: '', XDG_STATE_HOME: folder }
      const said = await steward(['run', 'stop.yml', '-i', 'hosts.yml'], { enter, env, cwd: folder })
      assert.is(said.code, 0, said.stdout + said.stderr)
      assert.match(said.stdout, 'All is as it should be; nothing was changed')
    } finally {
      rmSync(folder, { recursive: true })
    }
  }
  test('runs steward all the same', runs, { skip })
})

const local = { ansible_connection: 'local' }
