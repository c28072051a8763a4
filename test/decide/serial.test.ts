import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { expandPlaybook } from '../../lib/decide/expand.js'
import { withExtraVars } from '../../lib/decide/extra-vars.js'
import { readExtraVars } from '../../lib/read/extra-vars.js'
import { describe } from '../helpers/test.js'
import { complaints, filesOf, inventoryOf, playbookOf, right } from '../helpers/written.js'
import { whyNoAnsible } from '../lab/packages.js'

const hosts = JSON.stringify({ all: { hosts: { h1: {}, h2: {}, h3: {}, h4: {} }, vars: { behind: 2 } } })
const catalog = JSON.stringify({ services: { app: { hosts: 'all', processes: { app: { args: ['app'] } } } } })
const vars = { n: 3, part: '50%', sizes: [1, 2], text: '2', word: 'two', half: 2.5, below: -1, nothing: null }

/** As these, and nothing else, are what a play says. */
const expanded = (keys: Readonly<Record<string, unknown>>, given: readonly string[] = []) => {
  const play = { hosts: 'all', catalog: 'catalog.yml', vars, services: { app: 'running' }, ...keys }
  const playbook = playbookOf({ 'play.yml': `- ${JSON.stringify(play)}`, 'catalog.yml': catalog })
  const extra = right(readExtraVars(filesOf({}), given))
  return expandPlaybook(playbook, withExtraVars(inventoryOf(hosts), extra), null)
}
const parts = (...written: Parameters<typeof expanded>) =>
  right(expanded(...written)).plays.flatMap(({ part }) => (part === undefined ? [] : [part]))
const sizes = (serial: unknown) => parts({ serial }).map(({ batch }) => batch.hosts.length)
const most = (written: unknown) => parts({ max_fail_percentage: written })[0]?.rollout.budget.maxFailPercentage
const wrong = (keys: Readonly<Record<string, unknown>>) =>
  complaints(expanded(keys)).map(line => line.replace(/^play.yml:1:\d+: /, ''))

/** Each as it is written, and the sizes of the batches of four hosts. */
const table: readonly (readonly [serial: unknown, batches: readonly number[]])[] = [
  ['{{ n }}', [3, 1]],
  ['{{ text }}', [2, 2]],
  ['{{ part }}', [2, 2]],
  ['{{ n * 25 }}%', [3, 1]],
  ['{{ sizes }}', [1, 2, 1]],
  ['{{ [] }}', [4]],
  [1, [1, 1, 1, 1]],
  [
    ['{{ sizes[0] }}', '{{ part }}', 1],
    [1, 2, 1],
  ],
  ['{{ n - 3 }}', [4]],
  ['{{ (n + 1) // 2 }}', [2, 2]],
]

describe('serial', test => {
  test('takes expressions for a size, for a percentage and for a list of them', () => {
    assert.equal(
      table.map(([serial]) => sizes(serial)),
      table.map(([, batches]) => batches),
    )
  })

  test('takes them from the command line before the play', () => {
    const batches = (...given: readonly string[]) =>
      parts({ serial: '{{ n }}' }, given).map(({ batch }) => batch.hosts.length)
    assert.equal(
      [batches('n=2'), batches('{"n": ["50%", 1]}')],
      [
        [2, 2],
        [2, 1, 1],
      ],
    )
  })

  test(
    "makes of them the batches that Ansible's makes",
    () => {
      const folder = mkdtempSync(join(tmpdir(), 'steward-serial-'))
      try {
        const tasks = [{ debug: { msg: 'batch {{ play }} {{ ansible_play_batch | length }}' }, run_once: true }]
        const plays = table.map(([serial], play) => ({
          hosts: 'all',
          gather_facts: false,
          vars: { ...vars, play },
          serial,
          tasks,
        }))
        writeFileSync(join(folder, 'ansible.cfg'), '')
        writeFileSync(join(folder, 'hosts.yml'), hosts)
        writeFileSync(join(folder, 'play.yml'), JSON.stringify(plays))
        const said = execFileSync('ansible-playbook', ['-i', 'hosts.yml', '-c', 'local', 'play.yml'], {
          cwd: folder,
          env: { ...process.env, ANSIBLE_CONFIG: join(folder, 'ansible.cfg'), LC_ALL: 'C.UTF-8' },
          encoding: 'utf8',
        })
        const seen = table.map(([, _], play) =>
          [...said.matchAll(new RegExp(`"batch ${play} (\\d+)"`, 'g'))].map(match => Number(match[1])),
        )
        assert.equal(
          seen,
          table.map(([, batches]) => batches),
        )
      } finally {
        rmSync(folder, { recursive: true })
      }
    },
    { skip: whyNoAnsible() },
  )

  test('refuses what comes to no number of hosts, with its place', () => {
    const expected = 'expected a number of hosts, or a percentage such as 25%, found'
    assert.equal(wrong({ serial: '{{ word }}' }), [`${expected} "two"`])
    assert.equal(wrong({ serial: [1, '{{ below }}'] }), [`${expected} "-1"`])
    assert.equal(wrong({ serial: '{{ half }}' }), [`${expected} "2.5"`])
    assert.equal(wrong({ serial: '{{ nothing }}' }), [`${expected} nothing`])
    assert.equal(wrong({ serial: '{{ [sizes, word] }}' }), [`${expected} a list`, `${expected} "two"`])
    assert.match(wrong({ serial: '{{ nowhere }}' })[0] ?? '', 'the variable "nowhere" is not defined')
    assert.match(complaints(expanded({ serial: '{{ word }}' }))[0] ?? '', /^play.yml:1:\d+: /)
  })
})

describe('any_errors_fatal', test => {
  test('takes an expression that is true or false, or a word for it from the command line', () => {
    const isFatal = (...given: readonly string[]) =>
      parts({ any_errors_fatal: '{{ n | int > 2 if strict is undefined else strict }}' }, given)[0]?.rollout.budget
        .anyErrorsFatal
    assert.equal(
      [isFatal(), isFatal('n=1'), isFatal('strict=yes'), isFatal('strict=false')],
      [true, false, true, false],
    )
    assert.equal(wrong({ any_errors_fatal: '{{ word }}' }), ['expected true or false, found "two"'])
  })
})

describe('max_fail_percentage', test => {
  test('takes an expression too, and a percent sign, as in Ansible', () => {
    assert.equal(['{{ n }}', '{{ part }}', '{{ half }}', '30%', 12.5].map(most), [3, 50, 2.5, 30, 12.5])
    const expected = 'expected a percentage from 0 to 100, found'
    assert.equal(wrong({ max_fail_percentage: '{{ word }}' }), [`${expected} "two"`])
    assert.equal(wrong({ max_fail_percentage: '{{ n * 50 }}' }), [`${expected} "150"`])
  })
})
