import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import { readRun, readStatus } from '../../lib/cli/input.js'
import { exitCodes } from '../../lib/model/exit-code.js'
import { readAnsibleConfig } from '../../lib/read/ansible-config.js'
import { inFolder } from '../helpers/folder.js'
import { projectFolder, steward } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'
import { complaints } from '../helpers/written.js'
import { harmful } from './harmful.js'
import { asMarked, type BadCase, badCases, goodFile, marksIn, showMark } from './marked-files.js'

describe('bad input', test => {
  const cases = badCases()
  for (const bad of cases) {
    test(`is reported where it stands, and nothing else is: ${bad.name}`, async () => {
      const marks = bad.files.flatMap(marksIn)
      assert.ok(marks.length > 0, 'no line is marked')
      assert.equal([...asMarked(await complaintsAbout(bad), marks)].sort(), marks.map(showMark).sort())
    })
  }

  for (const name of ['cycle', 'cycles', 'unknown-requirement']) {
    test(`is found in a catalog by itself too: ${name}`, () => {
      const path = join(projectFolder, `test/fixtures/bad/catalogs/${name}.yml`)
      const marks = marksIn(path)
      const found = complaints(readStatus([path], { inventory: goodFile('inventory'), shipped: projectFolder }))
      assert.equal([...asMarked(found, marks)].sort(), marks.map(showMark).sort())
    })
  }

  test('comes in many kinds', () => assert.ok(cases.length >= 90, `only ${cases.length}`))

  test('is told from good input', () => assert.equal(plan(goodFile('playbook'), goodFile('inventory')), []))
})

describe('a byte order mark', test => {
  test('is no letter of the file that it stands before, in YAML and INI', () =>
    inFolder(async folder => {
      const [playbook, yaml, ini] = ['playbook.yml', 'inventory.yml', 'hosts'].map(name => join(folder, name))
      if (playbook === undefined || yaml === undefined || ini === undefined) throw new Error('there are three')
      const text = readFileSync(goodFile('playbook'), 'utf8').replace(
        'catalog.yml',
        goodFile('inventory').replace('inventory', 'catalog'),
      )
      writeFileSync(playbook, `\ufeff${text}`)
      writeFileSync(yaml, `\ufeff${readFileSync(goodFile('inventory'), 'utf8')}`)
      writeFileSync(ini, '\ufeff[apps]\napp1 port=80\n[dbs]\ndb1\n[all:vars]\ndir=/srv\n')
      assert.equal([...plan(playbook, yaml), ...plan(playbook, ini)], [])
      writeFileSync(ini, '\ufeff[apps\napp1\n')
      assert.match(plan(playbook, ini)[0] ?? '', `${ini}:1:1: `)
    }))
})

describe('steward plan', test => {
  const folder = 'test/fixtures/bad/together/three-files'
  const args = ['plan', `${folder}/playbook.yml`, '-i', `${folder}/inventory.yml`]

  test('says all mistakes with their places on stderr, and nothing on stdout', async () => {
    const { code, stdout, stderr } = await steward(args)
    assert.equal([code, stdout], [exitCodes.badInput, ''])
    const lines = stderr.trimEnd().split('\n')
    assert.equal(
      lines.filter(line => line.startsWith(folder)),
      [
        `${folder}/catalog.yml:4:5: unknown key "proceses"; did you mean "processes"?; known are hosts, processes, requires, script, start, stop, ready, log, on_duplicate, on_hung, before, after, defaults, vars, become, become_user, become_method, max_unavailable, rollback, like`,
        `${folder}/catalog.yml:6:46: expected a port (1 to 65535), or address:port, or [IPv6 address]:port, found 0`,
        `${folder}/inventory.yml:2:34: the key "dir" stands twice in this map; the first is at ${folder}/inventory.yml:2:11`,
        `${folder}/playbook.yml:4:10: unknown state "runing"; did you mean "running"?; known are running, stopped`,
        `${folder}/playbook.yml:6:12: ${folder}/missing.yml cannot be read: there is no such file`,
      ],
    )
    assert.equal(lines.slice(0, 3).slice(1), [
      '        proceses: # ERROR: unknown key "proceses"; did you mean "processes"?',
      '        ^',
    ])
    assert.equal(lines.slice(-2), ['', 'steward: 5 mistakes in the input; nothing was connected to.'])
  })

  test('gives them to programs as JSON', async () => {
    const { code, stdout, stderr } = await steward([...args, '--json'])
    const { problems } = JSON.parse(stdout)
    assert.equal([code, stderr, problems.length], [exitCodes.badInput, '', 5])
    const at = { file: `${folder}/catalog.yml`, line: 4, column: 5 }
    const { known, message, ...first } = problems[0]
    assert.equal(first, { _tag: 'UnknownKey', at, key: 'proceses', suggestion: 'processes' })
    assert.ok(known.includes('processes'))
    assert.match(message, /^unknown key "proceses"; did you mean "processes"\?; known are hosts, /)
    const { expected, found, suggestion } = problems[1]
    assert.equal(
      [expected, found, suggestion],
      ['a port (1 to 65535), or address:port, or [IPv6 address]:port', '0', null],
    )
  })

  test('refuses a limit that names nobody or leaves nobody', async () => {
    const said = async (limit: string) =>
      (await steward(['plan', goodFile('playbook'), '-i', goodFile('inventory'), '-l', limit])).stderr
    assert.match(await said('app9'), /^no host or group is called "app9"; did you mean "apps"\?/)
    assert.match(await said('web*'), /^the limit web\* leaves no host of /)
    assert.match(await said('app1:'), /^app1: is no host pattern: one with an empty term/)
    assert.match(await said('@/nowhere/limit'), /^\/nowhere\/limit cannot be read: there is no such file/)
  })
})

describe('input that is made to do harm', test => {
  for (const [title, text] of Object.entries(harmful())) {
    test(`is refused within a second and 256 MiB: ${title}`, () =>
      inFolder(async folder => {
        const file = join(folder, 'harm.yml')
        writeFileSync(file, text)
        for (const args of [[file], [goodFile('playbook'), '-i', file]]) {
          const { codes, cpuMs, maxMiB } = await leastOf(3, () => measured(args, folder))
          assert.equal([...codes], [exitCodes.badInput])
          assert.ok(cpuMs < 1000, `${cpuMs} ms`)
          assert.ok(maxMiB < 256, `${maxMiB} MiB`)
        }
      }))
  }
})

/** Whoever else is at work on the machine only adds to what is used: the least is nearest to what it takes. */
const leastOf = async (times: number, measure: () => Promise<Measured>) => {
  const codes = new Set<number | null>()
  let [cpuMs, maxMiB] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  for (let i = 0; i < times && !(cpuMs < 500 && maxMiB < 200); i += 1) {
    const used = await measure()
    codes.add(used.code)
    cpuMs = Math.min(cpuMs, used.cpuMs)
    maxMiB = Math.min(maxMiB, used.maxMiB)
  }
  return { codes, cpuMs, maxMiB }
}

type Measured = Readonly<{ code: number | null; cpuMs: number; maxMiB: number }>

/** A run of `steward plan`; what it used is written as it ends. */
const measured = async (args: readonly string[], folder: string): Promise<Measured> => {
  const file = join(folder, 'used.json')
  const script = `import fs from 'node:fs'; process.on('exit', () => fs.writeFileSync(${JSON.stringify(file)},
    JSON.stringify({ cpuMs: process.cpuUsage().user / 1000, maxMiB: process.resourceUsage().maxRSS / 1024 })))`
  const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(script)}` }
  const { code } = await steward(['plan', ...args], { env })
  if (!existsSync(file)) throw new Error('it did not end by itself')
  return { code, ...JSON.parse(readFileSync(file, 'utf8')) }
}

/** What `steward plan` finds before it connects. */
const plan = (playbook: string, inventory: string): readonly string[] =>
  complaints(readRun(playbook, { inventory, shipped: projectFolder }))

/** Warnings among them. */
const configComplaints = (path: string): readonly string[] => {
  const file = { path, text: readFileSync(path, 'utf8'), folder: dirname(path) }
  const read = readAnsibleConfig({ file, environment: {}, cwd: '/work', home: '/home/me' })
  return E.isLeft(read) ? complaints(read) : complaints(E.left(read.right.warnings))
}

/** A bad file among good ones. */
const complaintsAbout = async ({ kind, path, files }: BadCase): Promise<readonly string[]> => {
  const own = (name: 'playbook' | 'inventory') => files.find(file => file.endsWith(`/${name}.yml`)) ?? goodFile(name)
  if (kind === 'playbooks') return plan(path, goodFile('inventory'))
  if (kind === 'inventories') return plan(goodFile('playbook'), path)
  if (kind === 'configs') return configComplaints(path)
  if (kind === 'together') return plan(own('playbook'), own('inventory'))
  return inFolder(async folder => {
    const playbook = join(folder, 'playbook.yml')
    writeFileSync(playbook, `- { hosts: all, catalog: ${path}, services: { app: running } }\n`)
    return plan(playbook, goodFile('inventory'))
  })
}
