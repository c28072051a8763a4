import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { type DocumentKind, documentKinds } from '../../lib/model/document-kind.js'
import { documentSchema } from '../../lib/read/documents.js'
import { projectFolder, steward } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'
import { badCases } from './marked-files.js'
import { changedOnce, goodDocuments, mutations } from './mutations.js'
import { judge } from './structure.js'

describe('the JSON Schemas', test => {
  for (const kind of documentKinds) {
    test(`are those that the reader yields (npm run schema): ${kind}`, async () => {
      const shipped = readFileSync(`${projectFolder}schemas/${kind}.schema.json`, 'utf8')
      // A difference of two long texts is more than the test runner can show.
      assert.ok(shipped === documentSchema(kind), `schemas/${kind}.schema.json is not up to date`)
      const { code, stdout } = await steward(['schema', kind])
      assert.ok(code === 0 && stdout === shipped, `steward schema ${kind} prints something else`)
    })
  }

  test('take good documents, in which every key of theirs stands', () => {
    for (const kind of documentKinds) {
      const documents = goodDocuments.filter(one => one.kind === kind)
      const used = new Set(documents.flatMap(({ data }) => keysIn(data)))
      const known = [...documentSchema(kind).matchAll(/^ *"(\w+)": \{\n *"description"/gm)].map(([, key]) => key ?? '')
      assert.equal(
        known.filter(key => !used.has(key)),
        [],
      )
      assert.ok(known.length > 2, `${known.length} keys`)
      for (const { data } of documents) {
        assert.equal(judge(kind, kind, JSON.stringify(data)), { structural: 0, quarrels: [] })
      }
    }
  })

  test('take every file that is shipped, and each says which one is its own', () => {
    const files = shippedFiles()
    assert.ok(files.length >= 18, `only ${files.length}`)
    for (const file of files) {
      const written = readFileSync(file, 'utf8')
      const [, schema = ''] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(written) ?? []
      const kind = documentKinds.find(one => basename(schema) === `${one}.schema.json`)
      assert.is(join(dirname(file), schema), `${projectFolder}schemas/${kind}.schema.json`, file)
      assert.equal(judge(kind ?? 'playbook', file, written), { structural: 0, quarrels: [] })
    }
  })

  test('refuse in a bad file what the reader refuses for its structure, in the same place, and nothing else', () => {
    const judged = badFiles().map(({ kind, file }) =>
      judge(kind, relative(projectFolder, file), readFileSync(file, 'utf8')),
    )
    const compared = judged.filter(one => one !== null)
    assert.equal(
      compared.flatMap(({ quarrels }) => quarrels),
      [],
    )
    const mistakes = compared.reduce((sum, { structural }) => sum + structural, 0)
    assert.ok(compared.length >= 110 && mistakes >= 110, `only ${compared.length} files, ${mistakes} mistakes`)
  })

  test('agree with the reader on good documents that were changed in any one place', () => {
    const judged = goodDocuments.flatMap(({ kind, data }) =>
      changedOnce(data).map(changed => judge(kind, kind, JSON.stringify(changed))),
    )
    assert.equal([...new Set(judged.flatMap(one => one?.quarrels ?? ['it is no YAML']))], [])
    const refused = judged.filter(one => one !== null && one.structural > 0).length
    assert.ok(refused >= 2000 && judged.length - refused >= 2000, `${refused} of ${judged.length} refused`)
  })

  test('agree with the reader on good documents that were changed at random', () => {
    const spoilt = fc
      .tuple(fc.constantFrom(...goodDocuments), mutations)
      .map(([{ kind, data }, mutate]) => ({ kind, text: JSON.stringify(mutate(data)) }))
    const found = new Set<boolean>()
    fc.assert(
      fc.property(spoilt, ({ kind, text }) => {
        const judged = judge(kind, kind, text)
        assert.equal(judged?.quarrels, [])
        found.add(judged?.structural === 0)
      }),
      { numRuns: 3000, seed: 7, includeErrorInReport: true },
    )
    assert.is(found.size, 2)
  })
})

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => /\.ya?ml$/.test(name))
    .map(name => join(folder, name))
    .sort()

const shippedFiles = (): readonly string[] =>
  ['examples', 'playbooks', 'inventory'].flatMap(folder => filesBelow(`${projectFolder}${folder}`))

type Written = Readonly<{ kind: DocumentKind; file: string }>

const kindOfFolder: Readonly<Record<string, DocumentKind>> = {
  playbooks: 'playbook',
  catalogs: 'catalog',
  inventories: 'inventory',
}

/** INI files, and files of variables (in Ansible's folders, or named as such by a playbook), have no schema. */
const badFiles = (): readonly Written[] =>
  badCases().flatMap(({ kind: folder, files }) => {
    const yaml = files.filter(file => /\.ya?ml$/.test(file) && !/\/(group|host)_vars\//.test(file))
    const kind = kindOfFolder[folder]
    if (kind !== undefined) return yaml.map(file => ({ kind, file }))
    const playbook = yaml.find(file => basename(file) === 'playbook.yml')
    const [named = ''] = /vars_files:.*/.exec(playbook === undefined ? '' : readFileSync(playbook, 'utf8')) ?? []
    return yaml
      .filter(file => !named.includes(basename(file)))
      .map(file => ({ kind: documentKinds.find(one => basename(file) === `${one}.yml`) ?? 'catalog', file }))
  })

const keysIn = (data: unknown): readonly string[] =>
  typeof data !== 'object' || data === null
    ? []
    : Object.entries(data).flatMap(([key, value]) => [...(Array.isArray(data) ? [] : [key]), ...keysIn(value)])
