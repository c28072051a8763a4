import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { changedBy, startSteward } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'

const skip = process.platform === 'linux' ? undefined : 'it looks for processes in /proc'

describe('a file that is edited while a run goes on', test => {
  for (const [title, edit] of [
    ['rewritten', (path: string) => writeFileSync(path, edited[path.split('/').at(-1) ?? ''] ?? '')],
    ['broken', (path: string) => writeFileSync(path, '{ not: [even, YAML')],
    ['removed', (path: string) => rmSync(path)],
  ] as const) {
    test(
      `changes nothing of it: every file ${title}`,
      () =>
        inFolder(async folder => {
          for (const [name, text] of Object.entries(written)) writeFileSync(join(folder, name), text)
          const run = startSteward(['run', 'play.yml', '-i', 'hosts', '-e', '@extra.yml'], { cwd: folder })
          const said = run.said.catch(() => null)
          await until(() => existsSync(join(folder, 'first-begun')))
          for (const name of Object.keys(edited)) edit(join(folder, name))
          writeFileSync(join(folder, 'go'), '')
          const ended = await said
          assert.is(ended?.code, 0, JSON.stringify(ended))
          assert.equal(ended === null ? [] : changedBy(ended), ['first@h', 'second@h'])
          assert.equal(daemonsOf(folder), ['first', 'second one two three'])
          assert.not.ok(existsSync(join(folder, 'edited')), 'what was written later was run')
        }),
      { skip, timeoutMs: 60_000 },
    )
  }
})

const written: Readonly<Record<string, string>> = {
  hosts: 'h ansible_connection=local dir="{{ playbook_dir }}" of_host=one',
  'extra.yml': 'of_extra: three',
  'vars.yml': 'of_file: two',
  'play.yml':
    '- { hosts: h, catalog: catalog.yml, vars_files: vars.yml, services: { first: running, second: running } }',
  'catalog.yml': `services:
  first:
    hosts: all
    start: "sh {{ dir }}/start {{ dir }} first"
    processes: { main: { args: ["{{ dir }}/daemon", first] } }
    ready: { stable: 1s }
  second:
    hosts: all
    requires: [first]
    start: "sh {{ dir }}/start {{ dir }} second {{ of_host }} {{ of_file }} {{ of_extra }}"
    processes: { main: { args: ["{{ dir }}/daemon", second, "{{ of_host }}", "{{ of_file }}", "{{ of_extra }}"] } }
    ready: { stable: 1s }
`,
  // The first start lasts until the files have been edited.
  start: `dir=$1; shift; : >$dir/$1-begun
[ "$1" = second ] || until [ -e $dir/go ]; do sleep 0.05; done
setsid sh $dir/daemon "$@" </dev/null >/dev/null 2>&1 &
`,
  daemon: 'while :; do sleep 0.2; done\n',
}

/** What would be done by these can be told from what was planned. */
const edited: Readonly<Record<string, string>> = {
  hosts: 'h ansible_connection=local dir=/nowhere of_host=edited\nh2',
  'extra.yml': 'of_extra: edited',
  'vars.yml': 'of_file: edited',
  'play.yml': '- { hosts: h, catalog: catalog.yml, services: { first: stopped, second: stopped } }',
  'catalog.yml': (written['catalog.yml'] ?? '').replaceAll('start: "sh', 'start: "touch {{ dir }}/edited; sh'),
}

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise(resolve => setTimeout(resolve, 20))
}

/** The arguments of those that run. */
const daemonsOf = (folder: string): readonly string[] =>
  processesOf(folder)
    .map(({ line }) => line.split(`${folder}/daemon `)[1] ?? '')
    .sort()

const processesOf = (folder: string): readonly Readonly<{ pid: number; line: string }>[] =>
  readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(name => {
      const path = `/proc/${name}/cmdline`
      const line = existsSync(path) ? readFileSync(path, 'utf8').replaceAll('\0', ' ').trim() : ''
      return line.includes(`${folder}/daemon `) ? [{ pid: Number(name), line }] : []
    })

const inFolder = async (use: (folder: string) => Promise<void>): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'steward-edited-'))
  try {
    await use(folder)
  } finally {
    for (const { pid } of processesOf(folder)) process.kill(pid, 'SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}
