/** What a page shows as output is what comes out; a block that is only an example says so: `text shown`. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import type { RunEvent } from '../../lib/model/event.js'
import { conclusion } from '../../lib/report/conclusion.js'
import { diffLines } from '../../lib/report/diff.js'
import { loginLines } from '../../lib/report/login-lines.js'
import { styleFor } from '../../lib/report/style.js'
import { estate } from '../helpers/estate.js'
import { stewardHere } from '../helpers/steward-here.js'
import { describe } from '../helpers/test.js'
import { hostOf, neither, twoHosts } from '../run/builders.js'
import { type Block, placeOf, readPage, readPages } from './pages.js'

const plain = styleFor(false)

const nothingDone = async (): Promise<readonly string[]> => {
  const { facts } = await twoHosts().run(neither)
  return facts.flatMap(fact => (fact._tag === 'RunEnded' ? [conclusion(fact, 1000)] : []))
}

const unwise = async (): Promise<readonly string[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'steward-docs-'))
  try {
    const shop = ['hosts: all', 'script: /etc/init.d/shop', 'processes: { web: { args: [/srv/shop], listens: 80 } }']
    const lines = [
      'services:',
      '',
      '',
      '',
      '',
      '',
      '  shop:',
      ...[...shop, 'stop: { then: [KILL] }'].map(one => `    ${one}`),
    ]
    mkdirSync(`${folder}/playbooks/catalog`, { recursive: true })
    const catalog = `${folder}/playbooks/catalog/shop.yml`
    writeFileSync(catalog, lines.join('\n'))
    const { stdout } = await stewardHere(['lint', '-i', 'web1,', catalog])
    return stdout.replaceAll(`${folder}/`, '').split('\n')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const difference = async (): Promise<readonly string[]> => {
  const args = '{ args: ["-Dcatalina.base=/services/km/tomcat"], listens: 2013, start: /bin/start }'
  const processes = `{ tomcat: ${args}, pinger: { args: [/services/km/pinger] } }`
  const built = estate(
    `services: { km: { hosts: km1, script: /init/km, processes: ${processes} } }`,
    'all: { hosts: { km1: } }',
  )
  hostOf(built, 'km1').spawn(['/services/km/pinger'])
  return diffLines(await built.plan('- { hosts: all, catalog: catalog.yml, services: { km: running } }'), plain)
}

const login = async (): Promise<readonly string[]> => {
  const line =
    readPage('events.md')
      .text.split('\n')
      .find(one => one.includes('"_tag":"LoginTried"')) ?? ''
  return loginLines(JSON.parse(line) as Extract<RunEvent, { _tag: 'LoginTried' }>)
}

/** What makes each block of a page that is no mere example, in their order. */
const made: Readonly<Record<string, readonly (() => Promise<readonly string[]>)[]>> = {
  'concepts.md': [nothingDone],
  'lint.md': [unwise],
  'plans.md': [difference],
  'terminal.md': [login],
}

/** Their own tests do as they say, word for word. */
const done = ['getting-started.md', 'events.md']

const isOutput = ({ language, note }: Block): boolean =>
  ['text', 'diff', 'console'].includes(language) && note !== 'shown'

describe('output on a page', test => {
  for (const { name, blocks } of readPages().filter(page => !done.includes(page.name))) {
    const outputs = blocks.filter(isOutput)
    const makers = made[name] ?? []
    if (outputs.length + makers.length === 0) continue
    test(`is what comes out: ${name}`, async () => {
      assert.equal(outputs.length, makers.length, 'a block that nothing makes is to be called "text shown"')
      for (const [i, block] of outputs.entries()) {
        const lines = (await makers[i]?.()) ?? []
        assert.ok(holds(lines, block.text.trimEnd().split('\n')), `${placeOf(block)}: it is\n${lines.join('\n')}`)
      }
    })
  }
})

/** The shown lines stand there one after the other. `…` stands for anything; pids and times are not compared. */
const holds = (lines: readonly string[], shown: readonly string[]): boolean => {
  const patterns = shown.map(
    line =>
      new RegExp(
        `^${line
          .split('…')
          .map(part => escaped(bare(part)))
          .join('.*')}$`,
      ),
  )
  return lines.some((_, i) => patterns.every((pattern, k) => pattern.test(bare(lines[i + k] ?? ''))))
}

const bare = (line: string): string => line.replace(/\bpid \d+/g, 'pid N').replace(/\b\d+(\.\d+)? s\b/g, 'N s')

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
