import * as assert from 'uvu/assert'
import { clients } from '../faults/clients.js'
import type { Said } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'
import { whyNoLab } from '../lab/packages.js'
import { stubCatalog, type Variables, withHost } from './becoming.js'

const slow = { skip: whyNoLab('hosts'), timeoutMs: 60_000 }

describe('becoming another user', test => {
  const users = ['free', 'asked', 'nobody1', 'limited', 'tty', 'stale', 'gone', 'lectured', 'dfree', 'dasked', 'dno']
  const setUp = `
cd /etc/sudoers.d
echo 'free ALL=(ALL) NOPASSWD: /bin/sh' >free
echo 'asked ALL=(ALL) ALL' >asked
echo 'limited ALL=(free) ALL' >limited
printf '%s\\n' 'Defaults:tty requiretty' 'tty ALL=(ALL) NOPASSWD: ALL' >tty
echo 'stale ALL=(ALL) ALL' >stale
printf '%s\\n' 'gone ALL=(ALL) NOPASSWD: ALL' >gone
printf '%s\\n' 'Defaults:lectured lecture=always' 'lectured ALL=(ALL) ALL' >lectured
chage -d 0 stale
printf '%s\\n' 'permit nopass dfree as root' 'permit dasked as root' >/etc/doas.conf
chmod 600 /etc/doas.conf`

  const all = withHost(users, setUp, async ({ inventory, run, file }) => {
    const login = (user: string, more: Variables = {}): Variables => ({
      ansible_user: user,
      ansible_become: true,
      ...more,
    })
    const password = { ansible_become_password: 'sesame' }
    const doas = { ansible_become_method: 'doas' }
    const su = { ansible_become_method: 'su' }
    inventory({
      free: login('free'),
      'free-as-other': login('free', { ansible_become_user: 'asked' }),
      'free-as-nobody': login('free', { ansible_become_user: 'no.such' }),
      'asked-without': login('asked'),
      'asked-right': login('asked', password),
      'asked-wrong': login('asked', { ansible_become_password: 'wrong' }),
      lectured: login('lectured', password),
      nobody1: login('nobody1', password),
      limited: login('limited', password),
      tty: login('tty'),
      stale: login('stale', password),
      'doas-free': login('dfree', doas),
      'doas-asked': login('dasked', { ...doas, ...password }),
      'doas-no': login('dno', doas),
      'su-login': login('free', su),
      'su-root': login('root', { ...su, ansible_become_user: 'asked' }),
      'root-already': login('root'),
    })
    const catalog = file('catalog.yml', stubCatalog())
    for (const { args } of clients) assertSaid(await run(['status', '-c', catalog, '--json', ...args]))
  })
  test('is told apart in each of its ways from each of the others, over both clients', all, slow)
})

const assertSaid = ({ stdout, stderr, code }: Said): void => {
  assert.is(stderr, '')
  const rows: readonly { host: string; unreachable?: string; verdict?: string }[] = JSON.parse(stdout)
  const said = Object.fromEntries(rows.map(row => [row.host, row.unreachable ?? row.verdict]))
  assert.equal(said, {
    free: 'stopped',
    'free-as-other': 'stopped',
    'free-as-nobody': 'there is no user no.such on the host to become',
    'asked-without': 'sudo wants a password for becoming root, or does not know this login, and none was given: say -K',
    'asked-right': 'stopped',
    'asked-wrong': 'sudo refused the password; it is not tried again in this run, so that nothing is locked',
    lectured: 'stopped',
    nobody1: 'this login is not in the sudoers file of the host',
    limited: 'sudo does not allow this login to run /bin/sh as root',
    tty: 'sudo wants a terminal (requiretty), and there is none: allow it without for this login',
    stale: said['stale'],
    'doas-free': 'stopped',
    'doas-asked': 'doas wants a password for becoming root, and reads it from a terminal alone: use nopass',
    'doas-no': 'doas does not allow this login to run /bin/sh as root',
    'su-login': 'su asks anybody but root for a password, on a terminal: use sudo to become root',
    'su-root': 'stopped',
    'root-already': 'stopped',
  })
  assert.match(said['stale'] ?? '', /^sudo says that the password or the account of this login has expired/)
  assert.is(code, 4)
}
