import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { readRun } from '../../lib/cli/input.js'
import { exitCodes } from '../../lib/model/exit-code.js'
import { projectFolder, steward } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'
import { right } from '../helpers/written.js'
import { whyNoAnsible } from '../lab/packages.js'

const corpus = join(projectFolder, 'test/fixtures/inventory')
const precedence = join(corpus, 'group-vars-precedence')

describe('steward inventory', test => {
  for (const args of [['--list'], ['--graph', 'high'], ['--host', 'h']]) {
    test(
      `prints to the letter what ansible-inventory does: ${args.join(' ')}`,
      async () => {
        const { stdout, code } = await steward(['inventory', '-i', 'inv/hosts', ...args], { cwd: precedence })
        const home = mkdtempSync(join(tmpdir(), 'steward-'))
        try {
          const options = { cwd: precedence, env: { PATH: '/usr/bin:/bin', HOME: home } }
          const theirs = execFileSync('/usr/bin/ansible-inventory', ['-i', 'inv/hosts', ...args], options).toString()
          assert.equal([code, stdout], [exitCodes.ok, theirs])
        } finally {
          rmSync(home, { recursive: true })
        }
      },
      { skip: whyNoAnsible() },
    )
  }

  test('takes several sources, and a folder for what is beside the playbook', async () => {
    const args = ['inventory', '-i', join(precedence, 'inv/hosts'), '-i', 'h,other', '--host', 'h']
    const { stdout } = await steward([...args, '--playbook-dir', precedence])
    assert.is(JSON.parse(stdout).z, 'high-play')
    assert.is(JSON.parse((await steward(args)).stdout).z, 'high-file')
  })

  test('knows this machine without an inventory', async () => {
    const { stdout } = await steward(['inventory', '-i', 'h1,', '--host', 'localhost'])
    assert.equal(JSON.parse(stdout), { ansible_connection: 'local' })
  })

  test('refuses names that there are not, and to do two things at once', async () => {
    const said = async (...args: readonly string[]) => {
      const { code, stderr } = await steward(['inventory', '-i', 'web1,web2', ...args])
      assert.is(code, exitCodes.badInput)
      return stderr
    }
    assert.match(await said('--host', 'wbe1'), 'no host or group is called "wbe1"; did you mean "web1"?')
    assert.match(await said('--graph', 'ungroupd'), 'did you mean "ungrouped"?')
    assert.match(await said('--list', '--graph'), 'one of --list, --graph and --host NAME is needed')
    assert.match(await said(), 'one of --list, --graph and --host NAME is needed')
  })
})

describe('a playbook', test => {
  test('has the variables beside it, and those of every source; its plays may be for localhost', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'steward-'))
    try {
      mkdirSync(join(folder, 'books'))
      cpSync(join(precedence, 'group_vars'), join(folder, 'books/group_vars'), { recursive: true })
      writeFileSync(
        join(folder, 'books/play.yml'),
        '- { hosts: "h:g*org:localhost", catalog: catalog.yml, services: { app: running } }\n',
      )
      const args = '["{{ z | default(y) }}", "{{ group_names | join(\'-\') }}", "{{ inventory_hostname_short }}"]'
      const processes = `{ app: { args: ${args} } }`
      writeFileSync(
        join(folder, 'books/catalog.yml'),
        `services: { app: { hosts: "h:ungrouped:localhost", script: "{{ playbook_dir }}/init", processes: ${processes} } }\n`,
      )
      const inventory = [join(precedence, 'inv/hosts'), 'g.example.org,']
      const { plays } = right(readRun(join(folder, 'books/play.yml'), { inventory, shipped: '/shipped' }))
      const services = plays.flatMap(({ desired }) => desired.map(({ service }) => service))
      assert.equal(
        services.map(({ host, processes, scripts }) => [
          host,
          ...processes.flatMap(({ args }) => args.map(({ parts }) => parts.join(''))),
          ...scripts,
        ]),
        [
          ['h', 'high-play', 'high-low', 'h', `${folder}/books/init`],
          ['g.example.org', 'all-play', 'ungrouped', 'g', `${folder}/books/init`],
          ['localhost', 'all-play', '', 'localhost', `${folder}/books/init`],
        ],
      )
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
