import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { exitCodes } from '../../lib/model/exit-code.js'
import { steward } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'

describe('what a playbook is about', test => {
  test('is listed without a look at any host', () =>
    inFolder(async folder => {
      const { code, stdout } = await here(folder, 'run', '--list-hosts', '--list-steps', '--list-tags')
      assert.is(code, exitCodes.ok)
      assert.equal(stdout.trimEnd().split('\n'), [
        'PLAY [Up]',
        '  hosts (2): b, a',
        '  db@b: running',
        '  web@a: running, after db',
        '  web@b: running, after db',
        '  tags: data, front',
        'PLAY [Down]',
        '  hosts (1): b',
        '  db@b: stopped',
        '  tags: none',
      ])
    }))

  test('is so of the chosen tags and hosts alone, and as JSON', () =>
    inFolder(async folder => {
      const { stdout } = await here(folder, 'plan', '--list-steps', '--tags', 'front', '-l', 'a', '--json')
      const steps = [{ id: 'web@a', desired: 'running', requires: ['db'] }]
      assert.equal(JSON.parse(stdout), { playbook: 'play.yml', plays: [{ name: 'Up', steps }] })
    }))

  test('is checked alone, and mistakes are told', () =>
    inFolder(async folder => {
      const good = await here(folder, 'run', '--syntax-check')
      assert.equal([good.code, good.stdout], [exitCodes.ok, 'play.yml: nothing is wrong with it\n'])
      writeFileSync(join(folder, 'play.yml'), '- { hosts: all, catalog: c.yml, services: { webb: running } }')
      const bad = await here(folder, 'run', '--syntax-check')
      assert.is(bad.code, exitCodes.badInput)
      assert.match(bad.stderr, 'play.yml:1:45: unknown service "webb"; did you mean "web"?')
    }))
})

const here = (folder: string, command: string, ...more: readonly string[]) =>
  steward([command, 'play.yml', '-i', 'hosts.yml', ...more], { cwd: folder })

const inFolder = async (use: (folder: string) => Promise<void>): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'steward-'))
  try {
    // Nobody listens there: a look would end with another code.
    writeFileSync(
      join(folder, 'hosts.yml'),
      'all: { hosts: { a: { ansible_host: 127.0.0.2 }, b: { ansible_host: 127.0.0.3 } } }',
    )
    writeFileSync(
      join(folder, 'c.yml'),
      `services:
  db: { hosts: b, start: x, processes: { p: { args: [db] } } }
  web: { hosts: all, requires: db, start: x, processes: { p: { args: [web] } } }
`,
    )
    writeFileSync(
      join(folder, 'play.yml'),
      `- name: Up
  hosts: all
  catalog: c.yml
  services: { db: { state: running, tags: data }, web: { state: running, tags: front } }
- { name: Down, hosts: all, catalog: c.yml, services: { db: stopped } }
`,
    )
    await use(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
