import { chmodSync, writeFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { inFolder } from '../helpers/folder.js'
import { steward } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'
import { whyNoLab } from '../lab/packages.js'
import { stubCatalog, stubPlay, stubService, withHost } from './becoming.js'

const slow = { skip: whyNoLab('hosts'), timeoutMs: 60_000 }

/** Every password that PAM is asked to judge is counted, by a module of its own stack. */
const counting = `${stubService}
cat >/root/count <<'END'
#!/bin/sh
echo "$PAM_USER $(cat | tr '\\0' ' ')" >>/var/log/tries
END
chmod 700 /root/count
sed -i '1i auth optional pam_exec.so expose_authtok seteuid quiet /root/count' /etc/pam.d/sudo
printf '%s\\n' 'Defaults passwd_tries=3' 'op ALL=(ALL) ALL' 'Defaults:op2 passwd_tries=1' 'op2 ALL=(ALL) ALL' >/etc/sudoers.d/op
: >/var/log/tries`

describe('a password for sudo', test => {
  const wrong = withHost(['op', 'op2', 'beater'], counting, async place => {
    const { inventory, run, file, sh, folder } = place
    inventory({ one: { ansible_user: 'op', ansible_become: true } })
    file('catalog.yml', `${stubCatalog()}${second}`)
    const password = file('password', 'wrong\n')
    const play = file('start.yml', stubPlay('running').replace('running }', 'running, second: running }'))
    const { code, stdout } = await run(['run', play, '--become-password-file', password])
    assert.is(code, 4)
    assert.match(stdout, /sudo refused the password; it is not tried again/)
    // sudo itself asks again, and gets nothing.
    assert.is(await sh('grep -c "^op wrong" /var/log/tries'), '1')
    inventory({ one: { ansible_user: 'op2', ansible_become: true } })
    // This one tries to become each of them.
    const checked = await run(['check', '-c', `${folder}/catalog.yml`, '--become-password-file', password])
    assert.is(checked.stdout.match(/sudo refused the password/g)?.length, 2)
    assert.is(await sh('grep -c "^op2 " /var/log/tries'), '1')
  })
  test('is tried once in a run, whatever and whoever there is to become', wrong, slow)

  const unneeded = withHost(['op'], counting, async ({ inventory, run, file, sh }) => {
    await sh("echo 'op ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/op")
    inventory({ one: { ansible_user: 'op', ansible_become: true } })
    const catalog = file('catalog.yml', stubCatalog())
    assert.is((await run(['status', '-c', catalog, '--become-password-file', file('password', 'sesame')])).code, 0)
    assert.is(await sh('cat /var/log/tries'), '')
  })
  test('is sent to nobody who does not ask for one', unneeded, slow)

  const sources = withHost(['op'], counting, async place => {
    const { inventory, run, ask, file, sh } = place
    inventory({ one: { ansible_user: 'op', ansible_become: true } })
    const catalog = file('catalog.yml', stubCatalog())
    const status = async (...args: string[]) => (await run(['status', '-c', catalog, ...args])).stdout
    assert.match(await status('--become-password-file', file('plain', 'sesame\n')), /stopped/)
    const printing = file('printing', '#!/bin/sh\necho sesame\n', 0o755)
    assert.match(await status('--become-password-file', printing), /stopped/)
    const { screen: typed } = await ask(['status', '-c', catalog, '-K'], 'sesame')
    assert.match(typed, /stopped/)
    assert.not.match(typed, /sesame/)
    assert.is(await sh('sort -u /var/log/tries'), 'op sesame')
  })
  test('is taken from a file, from a command that prints it, or from the terminal, unseen', sources, slow)

  test('is refused where others could have read it, and where it is none', async () => {
    await inFolder(async folder => {
      const said = async (text: string, mode: number): Promise<string> => {
        const path = `${folder}/password`
        writeFileSync(path, text)
        chmodSync(path, mode)
        const { code, stderr } = await steward(['status', '--become-password-file', path])
        assert.is(code, 5)
        assert.not.match(stderr, /sesame/)
        return stderr.split('\n')[0]?.replace(`${path} cannot be read: `, '') ?? ''
      }
      assert.is(await said('sesame\n', 0o640), 'others may read it: chmod 600')
      assert.is(await said('#!/bin/sh\necho sesame', 0o775), 'others may change it: chmod go-w')
      assert.is(await said('\n', 0o600), 'it holds no password on one line')
      assert.is(await said('open\nsesame\n', 0o600), 'it holds no password on one line')
      assert.is(await said('#!/bin/sh\necho sesame; exit 3', 0o700), 'it was run and ended with 3')
      assert.match(
        (await steward(['status', '--become-password-file', `${folder}/none`])).stderr,
        /there is no such file/,
      )
      assert.match(
        (await steward(['status', '-K'], { enter: ['setsid', '-w'] })).stderr,
        /there is no terminal to ask on/,
      )
      assert.match((await steward(['status', '-K', '--become-password-file', 'x'])).stderr, /say one/)
    })
  })
})

const second = `  second:
    hosts: all
    script: /opt/beat/init
    become: true
    become_user: beater
    processes: { beat: { args: [/opt/beat/second] } }
`
