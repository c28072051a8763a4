/** Whatever acts leaves the page and the JUnit file that it is asked for, of how it ended. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { stewardHere } from '../helpers/steward-here.js'
import { describe } from '../helpers/test.js'
import { freePort } from '../remote/sshd.js'

const catalog = `
services:
  db: { hosts: here, start: /bin/false, processes: { db: { args: [/srv/no-such-db] } } }
  web: { hosts: away, start: /bin/false, processes: { web: { args: [/srv/no-such-web] } } }
`

describe('a page and a JUnit file', test => {
  test('are left by run, apply, restart and resume alike', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'steward-kept-'))
    const [page, file, inventory] = ['run.html', 'run.xml', 'hosts.yml'].map(name => join(folder, name)) as [
      string,
      string,
      string,
    ]
    const away = `away: { ansible_host: 127.0.0.1, ansible_port: ${await freePort()} }`
    writeFileSync(inventory, `all: { hosts: { here: { ansible_connection: local }, ${away} } }`)
    writeFileSync(`${folder}/catalog.yml`, catalog)
    writeFileSync(`${folder}/play.yml`, '- { hosts: all, catalog: catalog.yml, services: { db: stopped } }')
    const env = { XDG_STATE_HOME: folder, HOME: folder }
    /** A page names what is taken up. */
    const kept = async (...args: readonly string[]) => {
      for (const one of [page, file]) writeFileSync(one, 'an older one')
      const { code, stdout } = await stewardHere([...args, '--report', page, '--junit', file], env)
      const [, heading] = /<h1>(.*?)<\/h1>/.exec(readFileSync(page, 'utf8')) ?? []
      const suites = /<testsuites [^>]*?(tests="\d+" failures="\d+" errors="\d+")/.exec(readFileSync(file, 'utf8'))?.[1]
      return [
        code,
        heading?.replace(/, in .*/, ''),
        suites,
        readFileSync(page, 'utf8').includes(`<code>steward ${args[0] === 'resume' ? 'restart' : args[0]} `),
        stdout.includes('PLAY RECAP'),
      ]
    }
    try {
      const well = [0, 'All is as it should be; nothing was changed', 'tests="1" failures="0" errors="0"', true, true]
      const play = [`${folder}/play.yml`, '-i', inventory]
      assert.equal(await kept('run', ...play), well)
      assert.is((await stewardHere(['plan', ...play, '-o', `${folder}/plan`], env)).code, 0)
      assert.equal(await kept('apply', `${folder}/plan`), well)
      const restart = await kept('restart', 'web', '-c', `${folder}/catalog.yml`, '-i', inventory)
      const lost = [4, 'Not done: 1 host out of reach', 'tests="1" failures="0" errors="1"', true, true]
      assert.equal(restart, lost)
      assert.equal(await kept('resume', 'last'), lost)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
