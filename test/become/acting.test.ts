import * as assert from 'uvu/assert'
import { clients } from '../faults/clients.js'
import { changedBy } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'
import { whyNoLab } from '../lab/packages.js'
import { stubCatalog, stubPlay, stubService, withHost } from './becoming.js'

const slow = { skip: whyNoLab('hosts'), timeoutMs: 60_000 }
const free = `${stubService}\necho 'op ALL=(ALL) NOPASSWD: /bin/sh' >/etc/sudoers.d/op`
const who = 'ps -o user= -p "$(pgrep -f "^/bin/sh /opt/beat/beat")"'

describe('a run as another user than its login', test => {
  const root = withHost(['op'], free, async ({ inventory, run, file, sh }) => {
    inventory({ one: { ansible_user: 'op', ansible_become: true } })
    const catalog = file('catalog.yml', stubCatalog())
    const [start, stop] = [file('start.yml', stubPlay('running')), file('stop.yml', stubPlay('stopped'))]
    for (const { args } of clients) {
      const started = await run(['run', start, ...args])
      assert.equal([started.code, changedBy(started)], [0, ['beat@one']], started.stdout + started.stderr)
      assert.is(await sh(who), 'root')
      assert.match((await run(['status', '-c', catalog, ...args])).stdout, /running/)
      assert.equal(changedBy(await run(['run', start, ...args])), [])
      const stopped = await run(['run', stop, ...args])
      assert.equal([stopped.code, changedBy(stopped)], [0, ['beat@one']], stopped.stdout + stopped.stderr)
      assert.is(await sh('pgrep -f "^/bin/sh /opt/beat/beat" || echo none'), 'none')
    }
    // Each lock was let go, in the home of whoever acted.
    assert.is(
      await sh('find / -xdev -name .steward -type d; find / -xdev -path "*/.steward/*" -type f'),
      '/root/.steward',
    )
  })
  test('starts, sees and stops a service of root from a plain login, over both clients', root, slow)

  const option = withHost(['op'], free, async ({ inventory, run, file, sh }) => {
    inventory({ one: { ansible_user: 'op' } })
    const catalog = file('catalog.yml', stubCatalog())
    assert.is((await run(['run', file('start.yml', stubPlay('running')), '-b'])).code, 0)
    assert.is(await sh(who), 'root')
    const restarted = await run(['restart', 'beat', '-c', catalog, '-b'])
    assert.equal([restarted.code, changedBy(restarted)], [0, ['beat@one']], restarted.stdout + restarted.stderr)
    assert.is(await sh(who), 'root')
    const [plain, asRoot] = [await run(['check', '-c', catalog]), await run(['check', '-c', catalog, '-b'])]
    assert.match(plain.stdout, /^one( +ok){5} +- +ok +ok$/m)
    assert.match(asRoot.stdout, /^one( +ok){8}$/m)
    const rules = (await run(['sudoers', '-c', catalog, '-b', '--become-user', 'beater'])).stdout
    assert.match(rules, /^op .*\(beater\)/m)
    assert.is((await run(['run', file('stop.yml', stubPlay('stopped')), '-b'])).code, 0)
    // What a service says itself counts before it.
    file('catalog.yml', stubCatalog('become: false'))
    await run(['run', file('start.yml', stubPlay('running')), '-b'])
    assert.is(await sh(`${who} || echo none`), 'op')
  })
  test('does so for -b too, in every command, where nothing else says as whom', option, slow)

  const own = withHost(['op', 'beater'], free, async ({ inventory, run, file, sh }) => {
    inventory({ one: { ansible_user: 'op' } })
    file(
      'catalog.yml',
      stubCatalog('become: true\nbecome_user: "{{ inventory_hostname }}-no"').replace(
        '{{ inventory_hostname }}-no',
        'beater',
      ),
    )
    const started = await run(['run', file('start.yml', stubPlay('running'))])
    assert.is(started.code, 0, started.stdout + started.stderr)
    assert.is(await sh(who), 'beater')
    assert.is((await run(['run', file('stop.yml', stubPlay('stopped'))])).code, 0)
  })
  test("acts as the service's own user", own, slow)

  const environment = withHost(['op'], free, async ({ inventory, run, file, sh }) => {
    inventory({ one: { ansible_user: 'op' } })
    file('catalog.yml', stubCatalog())
    assert.is((await run(['run', file('start.yml', stubPlay('running', ', become: true'))])).code, 0)
    const names = (await sh("sed 's/=.*//' /opt/beat/env.root")).split('\n')
    const bySudo = [
      'HOME',
      'LOGNAME',
      'MAIL',
      'PATH',
      'PWD',
      'SHELL',
      'USER',
      'SUDO_COMMAND',
      'SUDO_GID',
      'SUDO_UID',
      'SUDO_USER',
    ]
    assert.equal(
      names.filter(name => !bySudo.includes(name) && !['TERM', 'LANG', 'OLDPWD', '_'].includes(name)),
      [],
    )
    assert.is(await sh('grep ^HOME= /opt/beat/env.root'), 'HOME=/root')
  })
  test('leaves nothing of its own in the environment of what it starts', environment, slow)

  const locked = withHost(['op'], free, async ({ inventory, run, begin, file, sh }) => {
    inventory({ one: { ansible_user: 'op', ansible_become: true } })
    const never = stubCatalog()
      .replace('[/opt/beat/beat] }', '[/opt/beat/beat], listens: 7777 }')
      .replace('within: 10s, stable', 'within: 60s, stable')
    file('catalog.yml', never)
    const [start, stop] = [file('start.yml', stubPlay('running')), file('stop.yml', stubPlay('stopped'))]
    for (const { args } of clients) {
      const first = begin(['run', start, ...args])
      // Its script has ended, and it waits for a port that nobody opens.
      await sh('until [ -e /root/.steward/one/lock ] && pgrep -f "^/bin/sh /opt/beat/beat"; do sleep 0.1; done')
      await sh('while pgrep -u root -x sudo; do sleep 0.1; done')
      const second = await run(['run', stop, '--lock-timeout', '1s'])
      assert.is(second.code, 75, second.stdout + second.stderr)
      assert.match(second.stdout, /steward unlock one/)
      assert.match((await run(['unlock', 'one', '--become-user', 'root'])).stdout, /holder|held|run /)
      first.kill('SIGKILL')
      const after = await run(['run', stop])
      assert.equal([after.code, changedBy(after)], [0, ['beat@one']], after.stdout + after.stderr)
    }
  })
  test('holds the lock for as long as its connection is there, be sudo there or not, and no longer', locked, slow)
})
