import * as assert from 'uvu/assert'
import { clients } from '../faults/clients.js'
import { steward } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'
import { whyNoLab } from '../lab/packages.js'
import { type Place, stubCatalog, stubPlay, stubService, withHost } from './becoming.js'
import { canary, filesWith, journals, sampling } from './canary.js'

const slow = { skip: whyNoLab('hosts'), timeoutMs: 120_000 }

const asking = `${stubService}
echo 'op ALL=(ALL) ALL' >/etc/sudoers.d/op`

describe('a password that no one may see', test => {
  const everywhere = withHost(['op'], asking, async place => {
    const { inventory, run, ask, file, host, folder, lab } = place
    await host.exec(['chpasswd'], { stdin: `op:${canary}\n` })
    const login = { ansible_user: 'op', ansible_become: true }
    const catalog = file('catalog.yml', `${stubCatalog()}${broken}`)
    const start = file('start.yml', stubPlay('running'))
    const failing = file('failing.yml', stubPlay('running').replace('beat:', 'broken:'))
    const stop = file('stop.yml', stubPlay('stopped'))
    const password = ['--become-password-file', file('password', canary)]
    const said: string[] = []
    const keep = async (...args: Parameters<Place['run']>) => {
      const { stdout, stderr, code } = await run(...args)
      said.push(stdout, stderr)
      return code
    }

    const seen = await sampling(async () => {
      for (const { args } of clients) {
        inventory({ one: login })
        assert.is(await keep(['run', start, ...password, ...args]), 0)
        assert.is(await keep(['run', failing, ...password, ...args]), 2)
        assert.is(await keep(['run', stop, '--json', ...password, ...args]), 0)
      }
      said.push((await ask(['run', start, '-K'], canary)).screen)
      assert.match(said.at(-1) ?? '', /changed\S*: \[beat@one\]/)
      inventory({ one: { ...login, ansible_become_password: canary } })
      for (const [play, client] of [
        [stop, clients[0]],
        [start, clients[1]],
      ] as const)
        assert.is(await keep(['run', play, ...client.args], { NODE_OPTIONS: crashing }), 250)
      assert.is(await keep(['explain', 'beat@one', '-c', catalog, '--json']), 0)
      assert.is(await keep(['probe', 'one', '-c', catalog]), 0)
      assert.is(await keep(['run', file('odd.yml', stubPlay('odd'))]), 5)
    })

    for (const args of [
      ['show', 'last'],
      ['show', 'last', '--json'],
      ['runs', '--json'],
    ]) {
      const { stdout, stderr } = await steward(args, { env: { ...lab.env, XDG_STATE_HOME: `${folder}/state` } })
      assert.match(stdout, /run/)
      said.push(stdout, stderr)
    }
    assert.ok(said.join('').length > 2000)
    assert.not.match(said.join('\n'), canary)
    assert.equal(filesWith(`${folder}/state`), [])
    assert.ok(journals(`${folder}/state`) >= 5)
    assert.equal(seen.found, [])
    assert.ok(seen.steward > 20 && seen.sudo > 0, `sampled ${seen.steward} of ours and ${seen.sudo} of sudo`)
    const left = await host.exec(['grep', '-rlsa', canary, '/etc', '/home', '/opt', '/root', '/run', '/tmp', '/var'])
    assert.is(left.stdout, '')
  })
  test('is in no argument, environment, output, journal or crash, over both clients', everywhere, slow)

  const echoed = withHost(['op'], asking, async ({ inventory, run, file, host }) => {
    const fake = `#!/bin/sh
while [ "$1" != -p ] && [ $# -gt 0 ]; do [ "$1" != -n ] || { echo 'sudo: a password is required' >&2; exit 1; }; shift; done
printf '%s' "$2" >&2; read -r line; echo "$line"; printf 'is %s your \\033[2Jpassword?\\n' "$line" >&2; exit 1
`
    await host.exec(['sh', '-c', 'rm /usr/bin/sudo; cat >/usr/bin/sudo; chmod 755 /usr/bin/sudo'], { stdin: fake })
    inventory({ one: { ansible_user: 'op', ansible_become: true, ansible_become_password: canary } })
    const { stdout, stderr } = await run(['status', '-c', file('catalog.yml', stubCatalog())])
    assert.match(stdout, 'is … your \\u{1b}[2Jpassword?')
    assert.not.ok((stdout + stderr).includes('\u001b'))
    assert.not.match(stdout + stderr, canary)
  })
  test('is not quoted from a host that prints it', echoed, slow)
})

const broken = `  broken:
    hosts: all
    script: /opt/beat/none
    start: cat /proc/self/environ; exit 3
    processes: { beat: { args: [/opt/beat/none] } }
    ready: { within: 1s }
`

const crashing = `--import=data:text/javascript,${encodeURIComponent(`const log = console.log
console.log = text => { if (String(text).includes('changed:')) throw new Error('a crash'); log(text) }`)}`
