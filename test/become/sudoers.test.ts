import * as assert from 'uvu/assert'
import { describe } from '../helpers/test.js'
import { whyNoLab } from '../lab/packages.js'
import { stubCatalog, stubPlay, stubService, withHost } from './becoming.js'

const slow = { skip: whyNoLab('hosts'), timeoutMs: 60_000 }

describe('steward sudoers', test => {
  const enough = withHost(['op', 'op2', 'beater'], stubService, async ({ inventory, run, file, sh, host }) => {
    inventory({
      one: { ansible_user: 'op', ansible_become: true },
      same: { ansible_user: 'op', ansible_become: true, ansible_port: 22 },
      two: { ansible_user: 'op2' },
      bsd: { ansible_user: 'op2', ansible_become_method: 'doas' },
      already: { ansible_user: 'beater' },
      'odd-login': { ansible_user: 'CORP\\op', ansible_become: true },
    })
    file('catalog.yml', stubCatalog())
    const own = file('own.yml', stubCatalog('become: true\nbecome_user: beater'))
    const catalog = file(
      'all.yml',
      stubCatalog().replace('hosts: all', 'hosts: "one:same:odd-login"').concat(ownService),
    )
    const { stdout, code } = await run(['sudoers', '-c', catalog])
    assert.is(code, 0)
    assert.equal(
      stdout.split('\n').filter(line => line !== '' && !line.startsWith('#')),
      [
        'Defaults:op !requiretty, passwd_tries=1',
        'op ALL=(root) NOPASSWD: /bin/sh',
        'Defaults:op2 !requiretty, passwd_tries=1',
        'op2 ALL=(beater) NOPASSWD: /bin/sh',
        'Defaults:CORP\\\\op !requiretty, passwd_tries=1',
        'CORP\\\\op ALL=(root) NOPASSWD: /bin/sh',
      ],
    )
    assert.match(stdout, /^# For .* on: one, same$/m)
    assert.match(stdout, /^# Not by sudo, and not allowed by this: op2 becomes beater by doas on bsd\.$/m)
    assert.match(stdout, /^# None is needed on bsd, already\.$/m)

    // sudo takes them, and they are enough: for root, and for the other user, on a host that wants terminals.
    const install = 'cat >/etc/sudoers.d/steward; chmod 440 /etc/sudoers.d/steward; visudo -c'
    await sh("echo 'Defaults requiretty' >/etc/sudoers.d/00tty; chmod 440 /etc/sudoers.d/00tty")
    const checked = await host.exec(['sh', '-c', install], { stdin: stdout })
    assert.is(checked.code, 0, checked.stdout + checked.stderr)
    assert.is((await run(['run', file('start.yml', stubPlay('running')), '-l', 'one'])).code, 0)
    assert.is((await run(['status', '-c', own, '-l', 'two'])).code, 0)
    assert.is((await run(['check', '-c', own, '-l', 'one'])).code, 2)
  })
  test('prints rules that sudo takes, that are enough, and that allow nobody else', enough, slow)
})

const ownService = `  own:
    hosts: "two:bsd:already"
    script: /opt/beat/init
    become: true
    become_user: beater
    processes: { beat: { args: [/opt/beat/beat] } }
`
