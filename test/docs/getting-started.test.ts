/** docs/getting-started.md, done word for word: its files in a folder, its commands in order, its output compared. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import * as assert from 'uvu/assert'
import { stewardMain } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'
import { freePort, type Sshd, withoutSshd, withSshd } from '../remote/sshd.js'
import { type Block, fileOf, isShell, placeOf, readPage } from './pages.js'

describe('getting started', test => {
  test(
    'leads from nothing to a service that is kept, here and over SSH',
    withSshd([], async sshd => {
      const folder = `${sshd.folder}/work`
      const env = environment(folder)
      const port = String(await freePort())
      const blocks = readPage('getting-started.md').blocks.map(block => fitted(block, sshd, port))
      let output = ''
      try {
        for (const block of blocks) {
          const file = fileOf(block)
          if (file !== null) writeFileSync(`${folder}/${file}`, block.text)
          else if (isShell(block) && block.note === 'run') output = await typed(block, folder, env)
          else if (block.language === 'text') assert.equal(linesNotIn(output, block.text), [], placeOf(block))
        }
        assert.match(output, 'stopped')
      } catch (error) {
        execFileSync(process.execPath, [stewardMain, 'run', 'goodbye.yml', '-i', 'hosts.yml'], {
          cwd: folder,
          env,
          stdio: 'ignore',
        })
        throw error
      }
    }),
    { skip: withoutSshd },
  )
})

/** A home of its own, and the program under its name. */
const environment = (folder: string): NodeJS.ProcessEnv => {
  mkdirSync(`${folder}/bin`, { recursive: true })
  writeFileSync(`${folder}/bin/steward`, `#!/bin/sh\nexec '${process.execPath}' '${stewardMain}' "$@"\n`)
  chmodSync(`${folder}/bin/steward`, 0o755)
  return {
    ...process.env,
    HOME: folder,
    XDG_STATE_HOME: `${folder}/state`,
    PATH: `${folder}/bin:${process.env['PATH']}`,
  }
}

/** The same for this machine: a port that is free, and an sshd that is the test's own and that nothing is known of. */
const fitted = (block: Block, { home, folder, port }: Sshd, listens: string): Block => {
  const login = `ansible_port: ${port}, ansible_ssh_private_key_file: ${home}/.ssh/id_ed25519`
  const unknown = `ansible_ssh_common_args: -o UserKnownHostsFile=${folder}/none_yet`
  return {
    ...block,
    text: block.text
      .replaceAll('8099', listens)
      .replace('ansible_host: 127.0.0.1', `ansible_host: 127.0.0.1, ${login}, ${unknown}`),
  }
}

const typed = async (block: Block, cwd: string, env: NodeJS.ProcessEnv): Promise<string> => {
  const child = spawn('sh', ['-e', '-c', block.text], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  assert.is(code, 0, `${placeOf(block)}: ${stdout}${stderr}`)
  return stdout
}

/** `…` stands for anything. */
const linesNotIn = (output: string, shown: string): readonly string[] => {
  const lines = output.split('\n')
  return shown.split('\n').filter(line => {
    const pattern = new RegExp(`^${line.split('…').map(escaped).join('.*')}$`)
    return line !== '' && !lines.some(one => pattern.test(one))
  })
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
