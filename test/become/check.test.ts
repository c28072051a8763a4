import * as assert from 'uvu/assert'
import { describe } from '../helpers/test.js'
import { whyNoLab } from '../lab/packages.js'
import { stubCatalog, type Variables, withHost } from './becoming.js'

const slow = { skip: whyNoLab('hosts'), timeoutMs: 60_000 }

const setUp = `
echo 'op ALL=(ALL) NOPASSWD: /bin/sh' >/etc/sudoers.d/op
echo 'asked ALL=(ALL) ALL' >/etc/sudoers.d/asked
usermod -s /bin/false shellless
mkdir -m 777 /home/open/.steward; chmod 777 /home/open/.steward; chown open /home/open/.steward`

/** All that a login could change, but the log of its own sshd. */
const everyFile = `find /etc /home /opt /root /run /srv /tmp /var -path /var/log/sshd.log -prune -o -printf '%p %y %s %m %u %T@ %C@\\n'`

describe('steward check', test => {
  const table = withHost(['op', 'asked', 'barred', 'shellless', 'open'], setUp, async place => {
    const { inventory, run, file, sh, host } = place
    const become = (user: string, more: Variables = {}): Variables => ({
      ansible_user: user,
      ansible_become: true,
      ...more,
    })
    inventory({
      good: become('op'),
      plain: { ansible_user: 'op' },
      asked: become('asked', { ansible_become_password: 'sesame' }),
      barred: become('barred', { ansible_become_password: 'sesame' }),
      down: { ansible_port: 1 },
      stranger: { ansible_host: `::ffff:${host.address}` },
      nobody1: { ansible_user: 'no.such' },
      shellless: { ansible_user: 'shellless' },
      open: { ansible_user: 'open' },
    })
    const catalog = file('catalog.yml', stubCatalog())
    const before = new Set((await sh(everyFile)).split('\n'))
    const { stdout, code } = await run(['check', '-c', catalog])
    assert.equal(
      (await sh(everyFile)).split('\n').filter(line => !before.has(line)),
      [],
    )
    assert.ok(before.size > 100)
    const lines = stdout.split('\n')
    const columns = (name: string) =>
      lines
        .find(line => line.startsWith(`${name} `))
        ?.split(/ {2,}/)
        .slice(1)
        .join(' ')
    assert.is(columns('host'), 'reach host key login shell tools become clock lock')
    assert.is(columns('good'), 'ok ok ok ok ok ok ok ok')
    assert.is(columns('plain'), 'ok ok ok ok ok - ok ok')
    assert.is(columns('asked'), 'ok ok ok ok ok ok ok ok')
    assert.is(columns('barred'), 'ok ok ok ok ok FIX ok -')
    assert.is(columns('down'), 'FIX - - - - - - -')
    assert.is(columns('stranger'), 'ok FIX - - - - - -')
    assert.is(columns('nobody1'), 'ok ok FIX - - - - -')
    assert.is(columns('shellless'), 'ok ok ok FIX - - - -')
    assert.is(columns('open'), 'ok ok ok ok ok - ok FIX')
    assert.match(
      stdout,
      /^barred: become: this login is not in the sudoers file of the host\n {2}allow it: steward sudoers/m,
    )
    assert.match(stdout, /^open: lock: for the login itself: \/home\/open\/\.steward is open to others/m)
    assert.match(stdout, /\n9 hosts checked; 6 to fix\.\n$/)
    assert.is(code, 4)
    const openssh = await run(['check', '-c', catalog, '--transport', 'openssh'])
    const tableOf = (text: string) => text.split('\n').slice(0, 10)
    assert.equal(tableOf(openssh.stdout), tableOf(stdout))
    assert.is((await run(['check', '-c', catalog, '-l', 'good:plain'])).code, 0)
    assert.is((await run(['check', '-c', catalog, '-l', 'open'])).code, 2)
    const [one] = JSON.parse((await run(['check', '-c', catalog, '-l', 'barred', '--json'])).stdout)
    assert.is(one.findings.become.faults[0].what, 'this login is not in the sudoers file of the host')
  })
  test('says of each host what is good and what to fix, and changes nothing', table, slow)
})
