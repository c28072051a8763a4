import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { exitCodes } from '../../lib/model/exit-code.js'
import { Secret } from '../../lib/model/secret.js'
import { sealText } from '../../lib/read/vault-cipher.js'
import { startSteward, steward, stewardCommand } from '../helpers/steward.js'
import { atTerminal, withoutScript } from '../helpers/terminal.js'
import { describe } from '../helpers/test.js'
import { whyNoAnsible } from '../lab/packages.js'

const slow = { timeoutMs: 60_000 }
const withAnsible = { ...slow, skip: whyNoAnsible() }

describe('steward vault', test => {
  test(
    'opens what ansible-vault encrypts, with and without a vault id',
    () =>
      inFolder(async folder => {
        for (const [file, ...how] of [
          ['plain.yml', '--vault-password-file', 'password'],
          ['named.yml', '--vault-id', 'dev@password'],
        ] as const) {
          writeFileSync(join(folder, file), text)
          ansible(folder, ['encrypt', ...how, file])
          assert.is((await vault(folder, ['view', file, ...how])).stdout, text)
          assert.is((await vault(folder, ['decrypt', file, ...how])).code, exitCodes.ok)
          assert.is(readFileSync(join(folder, file), 'utf8'), text)
        }
        const inline = ansible(folder, ['encrypt_string', '--vault-id', 'dev@password', '-n', 'x', 'hunter2'])
        writeFileSync(join(folder, 'vars.yml'), inline)
        assert.match(inline, 'x: !vault |')
        writeFileSync(join(folder, 'inline'), inline.replace(/^x: !vault \|\n/, '').replaceAll(/^ +/gm, ''))
        assert.is((await vault(folder, ['view', 'inline', '--vault-id', 'dev@password'])).stdout, 'hunter2')
      }),
    withAnsible,
  )

  test(
    'encrypts what ansible-vault opens',
    () =>
      inFolder(async folder => {
        for (const [file, header, ...how] of [
          ['plain.yml', '$ANSIBLE_VAULT;1.1;AES256', '--vault-password-file', 'password'],
          ['named.yml', '$ANSIBLE_VAULT;1.2;AES256;dev', '--vault-id', 'dev@password'],
        ] as const) {
          writeFileSync(join(folder, file), text)
          assert.is((await vault(folder, ['encrypt', file, ...how])).code, exitCodes.ok)
          assert.ok(readFileSync(join(folder, file), 'utf8').startsWith(`${header}\n`))
          assert.is(ansible(folder, ['view', ...how, file]), text)
        }
        const { stdout } = await vault(
          folder,
          ['encrypt-string', '-n', 'x', '--vault-id', 'dev@password'],
          {},
          'hunter2',
        )
        writeFileSync(join(folder, 'inline'), stdout.replace(/^x: !vault \|\n/, '').replaceAll(/^ +/gm, ''))
        assert.is(ansible(folder, ['view', '--vault-id', 'dev@password', 'inline']).trimEnd(), 'hunter2')
      }),
    withAnsible,
  )

  test('edits a copy that is private and gone afterwards, and keeps the vault id', () =>
    inFolder(async folder => {
      writeFileSync(join(folder, 'secret.yml'), sealText(Buffer.from(text), new Secret('swordfish'), 'dev'))
      const editor = `stat -c '%a %n' "$1" >seen; ls -ld --time-style=+ "$(dirname "$1")" >>seen; sed -i s/hunter2/changed/`
      const runtime = mkdtempSync(join(folder, 'run-'))
      const env = { EDITOR: `f() { ${editor} "$1"; }; f`, VISUAL: '', XDG_RUNTIME_DIR: runtime }
      const edited = await vault(folder, ['edit', 'secret.yml', '--vault-password-file', 'password'], env)
      assert.equal([edited.code, edited.stderr], [exitCodes.ok, ''])
      assert.match(readFileSync(join(folder, 'seen'), 'utf8'), /^600 .*\.yml\ndrwx------/)
      assert.equal(readdirSync(runtime), [])
      assert.match(readFileSync(join(folder, 'secret.yml'), 'utf8'), '$ANSIBLE_VAULT;1.2;AES256;dev\n')
      const viewed = await vault(folder, ['view', 'secret.yml', '--vault-password-file', 'password'])
      assert.is(viewed.stdout, text.replace('hunter2', 'changed'))
    }))

  test('wipes the copy when it is ended while the editor is open', () =>
    inFolder(async folder => {
      const sealed = sealText(Buffer.from(text), new Secret('swordfish'), null)
      writeFileSync(join(folder, 'f'), sealed)
      const runtime = mkdtempSync(join(folder, 'run-'))
      const env = { EDITOR: 'f() { echo $$ >pid; exec sleep 60; }; f', VISUAL: '', XDG_RUNTIME_DIR: runtime }
      const args = ['vault', 'edit', 'f', '--vault-password-file', 'password']
      const editing = startSteward(args, { cwd: folder, env })
      const editorPid = await written(join(folder, 'pid'))
      try {
        assert.is(readdirSync(runtime).length, 1)
        editing.kill('SIGTERM')
        while (readdirSync(runtime).length > 0) await new Promise(resolve => setTimeout(resolve, 20))
      } finally {
        process.kill(editorPid)
      }
      assert.is((await editing.said).code, exitCodes.interrupted)
      assert.is(readFileSync(join(folder, 'f'), 'utf8'), sealed)
    }))

  test('leaves a file as it is where the editor fails or changes nothing', () =>
    inFolder(async folder => {
      const sealed = sealText(Buffer.from(text), new Secret('swordfish'), null)
      writeFileSync(join(folder, 'f'), sealed)
      for (const [EDITOR, code] of [
        ['true', exitCodes.ok],
        ['false', exitCodes.failed],
      ] as const) {
        const args = ['edit', 'f', '--vault-password-file', 'password']
        assert.is((await vault(folder, args, { EDITOR, VISUAL: '' })).code, code)
        assert.is(readFileSync(join(folder, 'f'), 'utf8'), sealed)
      }
    }))

  test('writes into the same file for the same people, and into none where one of them cannot be read', () =>
    inFolder(async folder => {
      writeFileSync(join(folder, 'f'), text, { mode: 0o640 })
      const both = await vault(folder, ['encrypt', 'f', 'missing', '--vault-password-file', 'password'])
      assert.is(both.code, exitCodes.badInput)
      assert.match(both.stderr, 'missing cannot be read: there is no such file')
      assert.is(readFileSync(join(folder, 'f'), 'utf8'), text)
      await vault(folder, ['encrypt', 'f', '--vault-password-file', 'password'])
      assert.is(statSync(join(folder, 'f')).mode & 0o777, 0o640)
      const again = await vault(folder, ['encrypt', 'f', '--vault-password-file', 'password'])
      assert.match(again.stderr, 'f cannot be read: it is encrypted already')
    }))

  test('takes passwords from files, programs, clients and the environment', () =>
    inFolder(async folder => {
      writeFileSync(join(folder, 'f'), sealText(Buffer.from(text), new Secret('swordfish'), 'dev'))
      writeFileSync(join(folder, 'program'), '#!/bin/sh\necho swordfish\n', { mode: 0o755 })
      writeFileSync(join(folder, 'my-client.sh'), '#!/bin/sh\n[ "$*" = "--vault-id dev" ] && echo swordfish\n', {
        mode: 0o755,
      })
      writeFileSync(join(folder, 'broken'), '#!/bin/sh\nexit 3\n', { mode: 0o755 })
      writeFileSync(join(folder, 'empty'), '\n')
      for (const how of [
        ['--vault-pass-file', 'password'],
        ['--vault-id', 'dev@program'],
        ['--vault-id', 'dev@my-client.sh'],
        ['--vault-id', 'password'],
      ]) {
        assert.is((await vault(folder, ['view', 'f', ...how])).stdout, text, how.join(' '))
      }
      const byEnvironment = await vault(folder, ['view', 'f'], { ANSIBLE_VAULT_PASSWORD_FILE: 'password' })
      assert.is(byEnvironment.stdout, text)
      writeFileSync(join(folder, 'ansible.cfg'), '[defaults]\nvault_password_file = password\n')
      assert.is((await vault(folder, ['view', 'f'])).stdout, text)
      const said = async (how: string) => (await vault(folder, ['view', 'f', '--vault-id', how])).stderr
      assert.match(await said('dev@broken'), 'broken cannot be read: it ended with 3')
      assert.match(await said('dev@none'), 'none cannot be read: there is no such file')
      assert.match(await said('dev@empty'), 'the vault password of empty is empty')
    }))

  test(
    'asks on the terminal, twice for a password that is new, and shows none of them',
    () =>
      inFolder(async folder => {
        const file = join(folder, 'f')
        writeFileSync(file, text)
        const twice = [
          ['Vault password: ', 'sesame'],
          ['Once more: ', 'sesame'],
        ] as const
        const sealed = await atTerminal(['vault', 'encrypt', file], twice, { env: {} })
        assert.is(sealed.code, exitCodes.ok, sealed.screen)
        assert.not.match(sealed.screen, 'sesame')
        const viewed = await atTerminal(
          ['vault', 'view', file, '--vault-id', 'x@prompt'],
          [['Vault password (x): ', 'sesame']],
          { env: {} },
        )
        assert.match(viewed.screen, 'hunter2')
        const differing = [
          ['Vault password: ', 'a'],
          ['Once more: ', 'b'],
        ] as const
        assert.match(
          (await atTerminal(['vault', 'encrypt', file], differing, { env: {} })).screen,
          'the two passwords are not the same',
        )
      }),
    { ...slow, skip: withoutScript },
  )
})

describe('a secret of a vault', test => {
  test(
    'is in nothing that is shown or written down, wherever it is used',
    () =>
      inFolder(async folder => {
        const seen = await everything(folder, canary)
        for (const [what, said] of Object.entries(seen)) assert.not.match(said, canary, what)
        assert.match(seen['plan'] ?? '', `--key '***'`)
        assert.match(seen['run'] ?? '', 'said ***')
        assert.match(seen['journal'] ?? '', `--key '***'`)
      }),
    slow,
  )

  test(
    'is so too where it is short, in what steward is told to do',
    () =>
      inFolder(async folder => {
        const seen = await everything(folder, 'q7')
        for (const what of ['plan', 'plan --json', 'journal', 'show']) assert.not.match(seen[what] ?? '', 'q7', what)
      }),
    slow,
  )

  test('is named in no mistake of what is encrypted either', () =>
    inFolder(async folder => {
      estate(folder, canary, '')
      const sealed = sealText(Buffer.from('a: "{{ canary-x y"\nb: {{ canary }\n'), new Secret('swordfish'), null)
      writeFileSync(join(folder, 'secrets.yml'), sealed)
      const template = await here(folder, 'plan', '-e', '@secrets.yml')
      assert.not.match(template.stderr, 'canary')
      writeFileSync(
        join(folder, 'secrets.yml'),
        sealText(Buffer.from('a: "{{ canary y"\n'), new Secret('swordfish'), null),
      )
      const { code, stderr } = await here(folder, 'plan', '-e', '@secrets.yml')
      assert.is(code, exitCodes.badInput)
      assert.match(stderr, /^secrets.yml:1:4: this secret holds \{\{ or \{%, and cannot be read as a template/)
      assert.not.match(stderr, 'canary')
    }))

  test('is named in no mistake', () =>
    inFolder(async folder => {
      estate(folder, canary, 'listens: "{{ key }}"')
      const { code, stderr } = await here(folder, 'plan')
      assert.is(code, exitCodes.badInput)
      assert.match(stderr, 'found "***" on h', stderr)
      assert.not.match(stderr, canary)
    }))
})

const text = 'user: me\npassword: hunter2\n'
const canary = "canary-5'6"

/** A service that does not start, with the secret in its command, and what each command says of it. */
const everything = async (folder: string, secret: string): Promise<Readonly<Record<string, string>>> => {
  estate(folder, secret, '')
  const all = async (...args: readonly string[]) => {
    const { stdout, stderr } = await here(folder, ...(args as [string]))
    return stdout + stderr
  }
  const seen = {
    plan: await all('plan'),
    'plan --json': await all('plan', '--json'),
    run: await all('run'),
    'run --json': await all('run', '--json'),
    show: (await steward(['show', 'last'], { cwd: folder, env: { XDG_STATE_HOME: `${folder}/state` } })).stdout,
    status: (await steward(['status', '-c', 'catalog.yml', ...given], { cwd: folder })).stdout,
    explain: (await steward(['explain', 'app@h', '-c', 'catalog.yml', ...given], { cwd: folder })).stdout,
  }
  const journals = join(folder, 'state/steward/runs')
  const journal = readdirSync(journals).map(file => readFileSync(join(journals, file), 'utf8'))
  return { ...seen, journal: journal.join('\n') }
}

const given = ['-i', 'hosts.yml', '--vault-password-file', 'password']

const here = (folder: string, command: string, ...more: readonly string[]) =>
  steward([command, 'play.yml', ...given, ...more], { cwd: folder, env: { XDG_STATE_HOME: `${folder}/state` } })

const estate = (folder: string, secret: string, more: string): void => {
  const sealed = sealText(Buffer.from(secret), new Secret('swordfish'), null)
  const indented = sealed.trimEnd().replaceAll(/^/gm, '        ')
  writeFileSync(
    join(folder, 'hosts.yml'),
    `all:\n  hosts: { h: { ansible_connection: local } }\n  vars:\n    key: !vault |\n${indented}\n    flag: "--key {{ key }}"\n`,
  )
  writeFileSync(
    join(folder, 'catalog.yml'),
    `services:
  app:
    hosts: all
    start: ${folder}/start --key {{ key ~ '' }} -p{{ key | upper | lower }}
    processes: { main: { args: [${folder}/app, "{{ flag }}"], ${more} } }
    ready: { within: 1s, stable: 1s }
`,
  )
  writeFileSync(join(folder, 'play.yml'), '- { hosts: all, catalog: catalog.yml, services: { app: running } }\n')
  writeFileSync(join(folder, 'start'), '#!/bin/sh\necho "said $2"\nexit 3\n', { mode: 0o755 })
}

const inFolder = async (use: (folder: string) => Promise<void>): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'steward-'))
  writeFileSync(join(folder, 'password'), 'swordfish\n')
  try {
    await use(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The number that will be in a file. */
const written = async (path: string): Promise<number> => {
  for (;;) {
    const pid = Number(existsSync(path) ? readFileSync(path, 'utf8') : '')
    if (pid > 0) return pid
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

const vault = async (
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  input = '',
): Promise<{ code: number | null; stdout: string; stderr: string }> => {
  const { argv, ...options } = stewardCommand(['vault', ...args], { cwd: folder, env })
  const [command = '', ...rest] = argv
  const { status, stdout, stderr } = spawnSync(command, rest, { ...options, input, encoding: 'utf8' })
  return { code: status, stdout, stderr }
}

const ansible = (folder: string, args: readonly string[]): string => {
  const env = { ...process.env, ANSIBLE_LOCAL_TEMP: `${folder}/.ansible`, HOME: folder }
  const { status, stdout, stderr } = spawnSync('/usr/bin/ansible-vault', args, { cwd: folder, encoding: 'utf8', env })
  if (status !== 0) throw new Error(stderr)
  return stdout
}
