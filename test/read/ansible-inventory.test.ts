import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import { hostsMatching } from '../../lib/decide/hosts.js'
import type { Inventory } from '../../lib/model/inventory.js'
import { decode } from '../../lib/read/codec.js'
import { strictly } from '../../lib/read/document.js'
import { diskFiles } from '../../lib/read/files.js'
import { readInventory } from '../../lib/read/inventory.js'
import { surveyListing } from '../../lib/read/listing.js'
import { hostPattern, parsePattern } from '../../lib/read/pattern.js'
import { parseYaml } from '../../lib/read/yaml.js'
import { runInventoryProgram } from '../../lib/remote/inventory-program.js'
import { graphLines, listText } from '../../lib/report/inventory.js'
import { projectFolder } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'
import { complaints, right } from '../helpers/written.js'
import { whyNoAnsible } from '../lab/packages.js'

/** Where Debian puts Ansible, whatever other Python there is. */
const python = '/usr/bin/python3'
const skip = whyNoAnsible()

const corpus = join(projectFolder, 'test/fixtures/inventory')
const cases = readdirSync(corpus).sort()

/** A pattern's hosts, or why it was refused. */
type Picked = readonly string[] | string
type Answer = Readonly<{
  list: string
  graph: string
  refused: readonly string[]
  patterns: Readonly<Record<string, Picked>>
}>

const answers = (): Readonly<Record<string, Answer>> => {
  const script = join(projectFolder, 'test/read/ansible-inventory.py')
  return JSON.parse(execFileSync(python, [script, corpus], { maxBuffer: 64 * 1024 * 1024 }).toString())
}

let asked: Readonly<Record<string, Answer>> | undefined
const answerOf = (name: string): Answer => {
  asked ??= answers()
  const answer = asked[name]
  if (answer === undefined) throw new Error(`Ansible said nothing of ${name}`)
  return answer
}

describe('an inventory, as Ansible reads it', test => {
  for (const name of cases) {
    test(
      `is listed and drawn letter for letter: ${name}`,
      () => {
        const { list, graph, refused } = answerOf(name)
        assert.equal(refused, [], 'Ansible itself does not read it')
        const listing = within(join(corpus, name), () => right(surveyedAs(sourcesOf('.'))))
        assert.is(listText(listing), list)
        assert.is(graphLines(listing, 'all').join('\n'), graph)
      },
      { skip, timeoutMs: 60_000 },
    )
  }

  for (const name of cases.filter(one => existsSync(join(corpus, one, 'patterns')))) {
    test(
      `has the hosts of a pattern in the same order: ${name}`,
      () => {
        const folder = join(corpus, name)
        const inventory = within(folder, () => right(readInventory(diskFiles, sourcesOf('.'), '/shipped')))
        const theirs = Object.entries(answerOf(name).patterns)
        assert.ok(theirs.length > 5)
        const line = (pattern: string, picked: Picked) =>
          `${pattern} → ${typeof picked === 'string' ? picked : picked.join(' ')}`
        assert.equal(
          theirs.map(([pattern, picked]) => line(pattern, pickedBy(pattern, inventory, picked))),
          theirs.map(([pattern, picked]) => line(pattern, picked)),
        )
      },
      { skip, timeoutMs: 60_000 },
    )
  }

  test('comes in many kinds', () => assert.ok(cases.length >= 60, `only ${cases.length}`))
})

/** Ansible goes on where a name is unknown; whatever else it refuses is to be refused here, in other words. */
const pickedBy = (pattern: string, inventory: Inventory, theirs: Picked): Picked => {
  const listed = pattern.startsWith('["') ? decode(hostPattern, right(parseYaml('f', pattern))) : null
  const parsed = listed === null ? parsePattern(pattern, null) : E.isRight(listed) ? listed.right : null
  if (parsed === null) return typeof theirs === 'string' ? theirs : 'no pattern'
  const found = hostsMatching(parsed, inventory)
  if (E.isRight(found)) return found.right
  if (typeof theirs === 'string') return theirs
  return found.left.every(({ _tag }) => _tag === 'UnknownHost') ? [] : complaints(found).join()
}

const surveyedAs = (sources: readonly string[]) =>
  strictly(surveyListing({ ...diskFiles, run: runInventoryProgram() }, sources, {}))

/** Its file `sources`, a line each; else whatever is called `hosts`. */
const sourcesOf = (folder: string): readonly string[] =>
  existsSync(join(folder, 'sources'))
    ? readFileSync(join(folder, 'sources'), 'utf8')
        .split('\n')
        .filter(line => line.trim() !== '')
    : readdirSync(folder)
        .sort()
        .filter(name => name.startsWith('hosts'))

const within = <A>(folder: string, use: () => A): A => {
  const before = process.cwd()
  process.chdir(folder)
  try {
    return use()
  } finally {
    process.chdir(before)
  }
}
