import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { strictly } from '../../lib/read/document.js'
import { diskFiles } from '../../lib/read/files.js'
import { surveyListing } from '../../lib/read/listing.js'
import { runInventoryProgram } from '../../lib/remote/inventory-program.js'
import { graphLines, listText } from '../../lib/report/inventory.js'
import { projectFolder } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'
import { right } from '../helpers/written.js'
import { whyNoAnsible } from '../lab/packages.js'

/** Where Debian puts Ansible, whatever other Python there is. */
const python = '/usr/bin/python3'
const skip = whyNoAnsible()

const corpus = join(projectFolder, 'test/fixtures/inventory')
const cases = readdirSync(corpus).sort()

type Answer = Readonly<{ list: string; graph: string; refused: readonly string[] }>

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

  test('comes in many kinds', () => assert.ok(cases.length >= 60, `only ${cases.length}`))
})

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
