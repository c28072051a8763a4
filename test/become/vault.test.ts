import { mkdirSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { Secret } from '../../lib/model/secret.js'
import { sealText } from '../../lib/read/vault-cipher.js'
import { steward } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'
import { whyNoLab } from '../lab/packages.js'
import { type Place, stubCatalog, stubPlay, stubService, withHost } from './becoming.js'
import { canary, filesWith, journals, sampling } from './canary.js'

const slow = { skip: whyNoLab('hosts'), timeoutMs: 120_000 }

const asking = `${stubService}
echo 'op ALL=(ALL) ALL' >/etc/sudoers.d/op`

const sealed = (text: string): string => sealText(Buffer.from(text), new Secret('opener'), null)

/** Both ways of Ansible's to keep a password of a group: a value that is sealed, and a file. */
const written = {
  value: `ansible_become_password: !vault |\n${sealed(canary).trim().replace(/^/gm, '  ')}\n`,
  file: sealed(`secret: ${canary}\nansible_become_password: "{{ secret }}"\n`),
}

describe('a password for sudo that a vault keeps', test => {
  const kept = withHost(['op'], asking, async place => {
    const { inventory, run, file, host, folder, lab } = place
    await host.exec(['chpasswd'], { stdin: `op:${canary}\n` })
    inventory({ one: { ansible_user: 'op', ansible_become: true } })
    mkdirSync(`${folder}/group_vars`)
    const catalog = file('catalog.yml', stubCatalog())
    const start = file('start.yml', stubPlay('running'))
    const stop = file('stop.yml', stubPlay('stopped'))
    const opener = ['--vault-password-file', file('opener', 'opener\n')]
    const said: string[] = []
    const keep = async (...args: Parameters<Place['run']>) => {
      const { stdout, stderr, code } = await run(...args)
      said.push(stdout, stderr)
      return code
    }

    const seen = await sampling(async () => {
      for (const text of Object.values(written)) {
        file('group_vars/all.yml', text)
        assert.is(await keep(['plan', start, ...opener]), 0)
        assert.match(said.at(-2) ?? '', 'beat@one')
        assert.is(await keep(['run', start, ...opener]), 0)
        assert.match(said.at(-2) ?? '', /^changed: \[beat@one\]/m)
        assert.is(await keep(['check', '-c', catalog, '--json', ...opener]), 0)
        assert.is(await keep(['explain', 'beat@one', '-c', catalog, '--json', ...opener]), 0)
        assert.is(await keep(['run', stop, '--json', ...opener]), 0)
      }
      // What would be shown is refused, and what no vault password opens is too.
      const shown = file('shown.yml', stubPlay('running', ', vars: { pw: "x{{ ansible_become_password | upper }}" }'))
      file('catalog.yml', stubCatalog().replace('/opt/beat/init', '/opt/beat/init{{ pw }}'))
      assert.is(await keep(['run', shown, ...opener]), 5)
      assert.match(said.at(-1) ?? '', 'the variable "ansible_become_password" is a secret')
      file('catalog.yml', stubCatalog())
      assert.is(await keep(['run', start]), 5)
      assert.match(said.at(-1) ?? '', 'no vault password is given')
    })

    for (const args of [
      ['show', 'last'],
      ['show', 'last', '--json'],
      ['runs', '--json'],
    ]) {
      const { stdout, stderr } = await steward(args, { env: { ...lab.env, XDG_STATE_HOME: `${folder}/state` } })
      said.push(stdout, stderr)
    }
    assert.not.match(said.join('\n').toLowerCase(), canary)
    assert.equal(filesWith(folder), [])
    assert.ok(journals(`${folder}/state`) >= 4)
    assert.equal(seen.found, [])
    assert.ok(seen.steward > 20 && seen.sudo > 0, `sampled ${seen.steward} of ours and ${seen.sudo} of sudo`)
  })
  test('opens the door, and is in no argument, environment, output or journal', kept, slow)

  const resumed = withHost(['op'], asking, async ({ inventory, run, file, sh, host, folder, lab }) => {
    await host.exec(['chpasswd'], { stdin: `op:${canary}\n` })
    inventory({ one: { ansible_user: 'op', ansible_become: true } })
    mkdirSync(`${folder}/group_vars`)
    file('group_vars/all.yml', written.value)
    file('catalog.yml', stubCatalog().replace('10s, stable', '2s, stable'))
    const start = file('start.yml', stubPlay('running'))
    await sh('chmod 644 /opt/beat/init')
    const first = await run(['run', start, '--vault-password-file', file('opener', 'opener\n')])
    assert.is(first.code, 2, first.stdout + first.stderr)
    await sh('chmod 755 /opt/beat/init')
    const env = { ...lab.env, XDG_STATE_HOME: `${folder}/state` }
    const plan = await steward(['resume', 'last', '--plan'], { enter: lab.enter, env })
    assert.match(plan.stdout, 'start')
    const again = await steward(['resume', 'last'], { enter: lab.enter, env })
    assert.is(again.code, 0, again.stdout + again.stderr)
    assert.match(again.stdout, /^changed: \[beat@one\]/m)
  })
  test('is opened again where the run is taken up again', resumed, slow)
})
