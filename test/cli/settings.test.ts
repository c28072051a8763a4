import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { passwordSources } from '../../lib/cli/password-sources.js'
import { expandHosts } from '../../lib/decide/expand.js'
import { exitCodes } from '../../lib/model/exit-code.js'
import { readAnsibleConfig } from '../../lib/read/ansible-config.js'
import { readInventory } from '../../lib/read/inventory.js'
import { parsePattern } from '../../lib/read/pattern.js'
import { problemLines } from '../../lib/report/problems.js'
import { inFolder } from '../helpers/folder.js'
import { steward } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'
import { filesOf, right } from '../helpers/written.js'

describe('ansible.cfg', test => {
  test('is the one that ANSIBLE_CONFIG names, else that of the folder, of the user', () =>
    inFolder(async folder => {
      mkdirSync(join(folder, 'here'))
      mkdirSync(join(folder, 'named'))
      const hostsBy = async (env: Readonly<Record<string, string>> = {}) =>
        (await inventoryGraph(join(folder, 'here'), { HOME: folder, ...env })).stdout
      write(join(folder, '.ansible.cfg'), '[defaults]\ninventory = of-user')
      write(join(folder, 'of-user'), 'user1')
      assert.match(await hostsBy(), 'user1')
      write(join(folder, 'here/ansible.cfg'), '[defaults]\ninventory = ../of-folder')
      write(join(folder, 'of-folder'), 'folder1')
      assert.match(await hostsBy(), 'folder1')
      write(join(folder, 'named/ansible.cfg'), '[defaults]\ninventory = a,b')
      write(join(folder, 'named/a'), 'named1')
      write(join(folder, 'named/b'), 'named2')
      assert.match(await hostsBy({ ANSIBLE_CONFIG: join(folder, 'named') }), /named1[\s\S]*named2/)
      assert.match(await hostsBy({ ANSIBLE_INVENTORY: '../of-user' }), 'user1')
    }))

  test('is passed over in a folder that anybody may write to, and that is said', () =>
    inFolder(async folder => {
      write(join(folder, 'ansible.cfg'), '[defaults]\ninventory = of-folder')
      write(join(folder, 'of-folder'), 'folder1')
      chmodSync(folder, 0o777)
      const { code, stderr } = await inventoryGraph(folder, { HOME: join(folder, 'nobody') })
      assert.is(code, exitCodes.badInput)
      assert.match(stderr, /ansible.cfg:1:1: ansible.cfg is not heeded: anybody may write to this folder/)
    }))

  test('is refused with all its mistakes, and warned of where it would be thought to be heeded', () =>
    inFolder(async folder => {
      write(join(folder, 'ansible.cfg'), '[defaults]\nforks = many\nnonsense\n')
      const refused = await inventoryGraph(folder)
      assert.is(refused.code, exitCodes.badInput)
      assert.match(refused.stderr, /ansible.cfg:2:1: .*\n(.*\n)*.*ansible.cfg:3:1: /)
      write(join(folder, 'ansible.cfg'), '[defaults]\nhost_key_checking = False\ninventory = hosts\n')
      write(join(folder, 'hosts'), 'h1')
      const warned = await inventoryGraph(folder)
      assert.is(warned.code, exitCodes.ok)
      assert.match(warned.stderr, 'ansible.cfg:2:1: host_key_checking is not heeded')
    }))

  test('says how a host is reached where its variables do not', () => {
    const text = `[defaults]
remote_user = cfg
remote_port = 2222
private_key_file = keys/id
[ssh_connection]
ssh_args = -C -o ControlMaster=auto -o ControlPersist=60s -o ConnectTimeout=5`
    const routeOf = (variables: string) => {
      const files = filesOf({ hosts: `h ${variables}` })
      const inventory = right(readInventory(files, 'hosts', '/shipped', { defaults: config(text).defaults }))
      return right(expandHosts(pattern('h'), inventory))
        .routes.values()
        .next().value
    }
    const options = { sshOptions: [['ConnectTimeout', '5']] }
    const usual = { _tag: 'Ssh', address: 'h', port: 2222, user: 'cfg', keyFile: '/cfg/keys/id', ...options }
    assert.equal(routeOf(''), usual)
    assert.equal(routeOf('ansible_user=own ansible_ssh_port=23 ansible_private_key_file=/k'), {
      ...usual,
      user: 'own',
      port: 23,
      keyFile: '/k',
    })
    assert.equal(routeOf('ansible_connection=local'), { _tag: 'Local' })
  })

  test('counts less than the environment', () => {
    const read = config('[defaults]\nforks = 5\ntimeout = 7\nremote_user = a', {
      ANSIBLE_FORKS: '9',
      ANSIBLE_REMOTE_USER: 'b',
    })
    assert.equal([read.forks, read.timeout], [9, 7])
    const user = read.defaults.get('ansible_user')
    assert.is(user?._tag === 'scalar' && user.value, 'b')
  })

  test('has values of several lines, comments, and a vault password beside it', () => {
    const text = `[defaults]
# a comment
; another
inventory: one,
  two ; behind a value
  ~/three
vault_password_file=vault # part of the name`
    const { inventory, vaultPasswordFile } = config(text)
    assert.equal(inventory, ['/cfg/one', '/cfg/two\n~/three'])
    assert.is(vaultPasswordFile, '/cfg/vault # part of the name')
  })
})

describe('the password for sudo that ansible.cfg names', test => {
  test('is read from the file beside it, unless it is to be asked for', () =>
    inFolder(async folder => {
      const password = join(folder, 'password')
      write(join(folder, 'ansible.cfg'), '[defaults]\nbecome_password_file = password\ninventory = hosts')
      write(join(folder, 'hosts'), 'h1 ansible_connection=local')
      write(join(folder, 'catalog.yml'), 'services: { a: { hosts: all, processes: { p: { args: [/none/at/all] } } } }')
      write(password, 'sesame')
      chmodSync(password, 0o644)
      const status = (...args: string[]) => steward(['status', '-c', 'catalog.yml', ...args], { cwd: folder })
      assert.match((await status()).stderr, `${password} cannot be read: others may read it: chmod 600`)
      assert.match((await status('-K')).stderr, 'there is no terminal to ask on')
      chmodSync(password, 0o600)
      assert.is((await status()).code, exitCodes.ok)
      assert.is(config('', { ANSIBLE_BECOME_PASSWORD_FILE: 'mine' }).becomePasswordFile, '/work/mine')
    }))
})

describe('what ansible.cfg says of passwords', test => {
  const cfg = '[defaults]\ninventory = hosts\n'
  const hosts = 'h1 ansible_connection=local\nh2 ansible_port=1 ansible_host=127.0.0.1'
  const estate = (folder: string, text: string): ((...args: string[]) => ReturnType<typeof steward>) => {
    write(join(folder, 'ansible.cfg'), cfg + text)
    write(join(folder, 'hosts'), hosts)
    write(join(folder, 'catalog.yml'), 'services: { a: { hosts: all, processes: { p: { args: [/none/at/all] } } } }')
    return (...args) => steward(['status', '-c', 'catalog.yml', ...args], { cwd: folder })
  }

  test('is whom to ask, unless the command line names a file', () =>
    inFolder(async folder => {
      const password = join(folder, 'password')
      for (const [setting, option, asked] of [
        ['ask_pass = True', '--connection-password-file', '-k asks'],
        ['[privilege_escalation]\nbecome_ask_pass = yes', '--become-password-file', '-K asks'],
      ] as const) {
        const status = estate(folder, setting)
        write(password, 'sesame')
        chmodSync(password, 0o600)
        assert.match((await status()).stderr, asked)
        assert.is((await status(option, password)).code, exitCodes.unreachable)
      }
      assert.match((await estate(folder, 'ask_vault_pass = 1')()).stderr, 'there is no terminal to ask')
    }))

  test('is a file for logins too, which is kept as safe as that for sudo', () =>
    inFolder(async folder => {
      const status = estate(folder, 'connection_password_file = password')
      const password = join(folder, 'password')
      write(password, 'Canary-9')
      chmodSync(password, 0o644)
      assert.match((await status()).stderr, `${password} cannot be read: others may read it: chmod 600`)
      assert.match((await status('-k')).stderr, '-k asks for a password, and there is no terminal')
      chmodSync(password, 0o600)
      const { code, stdout, stderr } = await status('-l', 'h2')
      assert.is(code, exitCodes.unreachable)
      assert.not.match(stdout + stderr, 'Canary')
    }))

  test('is a list of vault ids, which those of the command line add to', () => {
    assert.equal(config('[defaults]\nvault_identity_list = dev@~/.dev , prod@p').vaultIds, ['dev@~/.dev', 'prod@p'])
    const settings = { ...config('', { ANSIBLE_VAULT_IDENTITY_LIST: 'a@x' }), vaultPasswordFile: null }
    assert.equal(passwordSources(settings, { vaultId: ['b@y'] }), { vaultId: ['a@x', 'b@y'] })
  })

  test('is warned of where it names a password itself, and that is not shown', () => {
    const said = config('[sudo_become_plugin]\npassword = Canary-9\nflags = -i', { ANSIBLE_BECOME_PASS: 'Canary-8' })
    const lines = problemLines(said.warnings)
    assert.equal(
      lines.map(line => line.replace(/ is not heeded.*/, '')),
      ['ANSIBLE_BECOME_PASS:1:1: ANSIBLE_BECOME_PASS', 'ansible.cfg:2:1: password', 'ansible.cfg:3:1: flags'],
    )
    assert.not.match(lines.join(), 'Canary')
  })

  test('is warned of by nothing that asks for what is done anyway', () => {
    const usual = `[defaults]\nvault_id_match = False\n[privilege_escalation]\nbecome = True\nbecome_user = root
become_method = sudo\nbecome_flags = -H -S -n\nbecome_exe = sudo`
    assert.equal(config(usual).warnings, [])
  })
})

const config = (text: string, environment: Readonly<Record<string, string>> = {}) =>
  right(
    readAnsibleConfig({ file: { path: 'ansible.cfg', text, folder: '/cfg' }, environment, cwd: '/work', home: '/me' }),
  )

const pattern = (text: string) => {
  const parsed = parsePattern(text, null)
  if (parsed === null) throw new Error(`${text} is no pattern`)
  return parsed
}

const inventoryGraph = (cwd: string, env: Readonly<Record<string, string>> = {}) =>
  steward(['inventory', '--graph'], { cwd, env })

const write = (path: string, text: string): void => writeFileSync(path, `${text}\n`)
