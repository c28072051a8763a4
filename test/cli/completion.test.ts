import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { complete, rejoined } from '../../lib/cli/completion/complete.js'
import { program } from '../../lib/cli/program.js'
import { stewardMain } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'
import { whyNoShells } from '../lab/packages.js'

const wordsFor = (...words: readonly string[]): readonly string[] => complete(program, words).words.map(w => w.word)
const namesFor = (...words: readonly string[]) => complete(program, words).names

describe('what may stand on the command line', test => {
  test('is a command, told with what it does', () => {
    assert.equal(wordsFor('re'), ['restart', 'resume'])
    assert.equal(wordsFor('vault', 'enc'), ['encrypt', 'encrypt-string'])
    assert.not.ok(wordsFor('').includes('complete'))
    assert.ok(complete(program, ['']).words.every(({ about }) => about !== ''))
  })

  test('is an option of the command before it, and one of its values where those are known', () => {
    assert.equal(wordsFor('run', '--list-'), ['--list-hosts', '--list-steps', '--list-tags'])
    assert.not.ok(wordsFor('run', '--').includes('--plan'))
    assert.equal(wordsFor('run', 'a.yml', '--host-key', 'a'), ['accept-new'])
    assert.equal(wordsFor('run', '--host-key', '='), ['strict', 'accept-new'])
    assert.equal(wordsFor('run', '--host-key', '=', 's'), ['strict'])
    assert.equal(wordsFor('run', '--host-key=a'), ['--host-key=accept-new'])
    assert.equal(wordsFor('schema', 'p'), ['playbook'])
  })

  test('is one word where bash has parted it at an @, but for the file of a value', () => {
    assert.equal(rejoined(['explain', 'km', '@', 'h']), { words: ['explain', 'km@h'], held: 'km' })
    assert.equal(rejoined(['explain', 'km', '@']), { words: ['explain', 'km@'], held: 'km' })
    assert.equal(rejoined(['explain', 'km', '@', 'h', '-i', '']), { words: ['explain', 'km@h', '-i', ''], held: '' })
    for (const words of [
      ['explain', 'km@h'],
      ['run', '-e', '@', 'f'],
      ['run', '-l', '=', '@', 'f'],
    ])
      assert.equal(rejoined(words), { words, held: '' })
  })

  test('is a file, a folder, a host, a service or a run, as the help calls the value', () => {
    assert.is(namesFor('run', ''), 'file')
    assert.is(namesFor('run', '--playbook-dir', ''), 'folder')
    assert.is(namesFor('status', '-l', ''), 'host')
    assert.is(namesFor('discover', 'h1', 'h'), 'host')
    assert.is(namesFor('restart', '--yes', 'km', ''), 'service')
    assert.is(namesFor('status', 'km', ''), 'service')
    assert.is(namesFor('explain', ''), 'service@host')
    assert.equal([namesFor('show', ''), namesFor('resume', ''), namesFor('run', '--retry', '')], ['run', 'run', 'run'])
    assert.is(namesFor('run', 'a.yml', ''), null)
    assert.equal(complete(program, ['status', '-i', 'a', '--inventory=b', '-l', '']).given, { inventory: ['a', 'b'] })
  })
})

const skip = whyNoShells()
const run = '20261124T231500.000-abcdef'

describe('completion', test => {
  const inFolder = (use: (call: (shell: string, script: string) => readonly string[]) => void) => () => {
    const folder = mkdtempSync(join(tmpdir(), 'steward-completion-'))
    try {
      for (const name of ['bin', 'playbooks/catalog', 'inventory']) mkdirSync(join(folder, name), { recursive: true })
      const steward = `#!/bin/sh\nexec '${process.execPath}' '${stewardMain}' "$@"\n`
      writeFileSync(join(folder, 'bin/steward'), steward, { mode: 0o755 })
      writeFileSync(join(folder, 'inventory/hosts.yml'), 'web: { hosts: { w1: , w2: } }\nother: { hosts: { o1: } }\n')
      writeFileSync(join(folder, 'program'), `#!/bin/sh\ntouch ${folder}/was-run\n`, { mode: 0o755 })
      const service = '{ hosts: all, script: /i, processes: { p: { args: [a] } } }'
      writeFileSync(join(folder, 'playbooks/catalog/c.yml'), `services: { kiosk: ${service}, mail: ${service} }\n`)
      mkdirSync(join(folder, 'state/steward/runs'), { recursive: true, mode: 0o700 })
      writeFileSync(join(folder, `state/steward/runs/${run}.journal`), '', { mode: 0o600 })
      const state = join(folder, 'state')
      const env = { ...process.env, HOME: folder, XDG_STATE_HOME: state, PATH: `${folder}/bin:${process.env['PATH']}` }
      use((shell, script) => {
        const flags = { bash: ['--norc', '-c'], zsh: ['-f', '-c'], fish: ['--no-config', '-c'] }[shell] ?? []
        const said = execFileSync(shell, [...flags, script], { cwd: folder, env, encoding: 'utf8', stdio: 'pipe' })
        return said.split('\n').filter(line => line !== '')
      })
    } finally {
      rmSync(folder, { recursive: true })
    }
  }

  const bash = inFolder(call => {
    const at = (...words: readonly string[]) =>
      `COMP_WORDS=(steward ${words.map(word => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}
       _steward; printf '%s\\n' "\${COMPREPLY[@]}"`
    const script = [
      at('status', '-l', 'w'),
      'echo',
      at('restart', 'k'),
      at('run', 'playb'),
      at('run', '--host-key', '=', 's'),
      at('explain', 'kiosk', '@', 'w'),
      at('show', ''),
      at('resume', '2'),
    ]
    assert.equal(call('bash', `source <(steward completion bash)\n${script.join('\n')}`), [
      ...['w1', 'w2', 'web'],
      ...['kiosk', 'playbooks', 'strict'],
      ...['@w1', '@w2', 'last', run, run],
    ])
    assert.equal(call('bash', `source <(steward completion bash)\n${at('status', '-i', 'program', '-l', '')}; ls`), [
      ...['all', 'ungrouped', 'bin', 'inventory', 'playbooks', 'program', 'state'],
    ])
  })
  test('works in bash, and runs no inventory', bash, { skip })

  const zsh = inFolder(call => {
    const script = `compdef() { }; _files() { print files }; _describe() { print -l -- "\${(@P)2}" }
      source <(steward completion zsh)
      at() { words=(steward "$@"); CURRENT=$#words; _steward }
      at restart m; at run ''; at run --list-h`
    assert.equal(call('zsh', script), [
      ...['mail:', 'files', '--list-hosts:list the hosts of each play, and connect to nothing'],
    ])
  })
  test('works in zsh', zsh, { skip })

  const fish = inFolder(call => {
    const script = `steward completion fish | source
      complete -C 'steward status -l w'; complete -C 'steward schema cat'; complete -C 'steward runs --js'
      complete -C 'steward run playb'`
    assert.equal(call('fish', script), [
      ...['w1', 'w2', 'web', 'catalog', '--json\tprint JSON and nothing else', 'playbooks/'],
    ])
  })
  test('works in fish', fish, { skip })
})
