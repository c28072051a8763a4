/** Whatever stands on a page of documentation is tried, by its kind. */
import { existsSync, readFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { type Block, docsFolder, fileOf, pageOf, placeOf, readPages } from './docs/pages.js'
import { mistakesInBlock, programs, shellMistakes } from './docs/read-block.js'
import { hasSection, sectionNames, withSections } from './docs/sections.js'
import { typeMistakes } from './docs/type-check.js'
import { projectFolder } from './helpers/steward.js'
import { describe } from './helpers/test.js'

const pages = readPages()

/** Blocks that say which file they are; of one that stands twice, the last. */
const filesOn = (blocks: readonly Block[]): Readonly<Record<string, string>> =>
  Object.fromEntries(blocks.flatMap(block => [[fileOf(block) ?? '', block.text]]).filter(([name]) => name !== ''))

const mistakesOn = async (blocks: readonly Block[]): Promise<readonly string[]> => {
  const others = filesOn(blocks)
  const found: string[] = []
  for (const block of blocks) {
    for (const mistake of await mistakesInBlock(block, others)) found.push(`${placeOf(block)}: ${mistake}`)
  }
  return found
}

/** As GitHub makes them of headings. */
const anchorsIn = (file: string): readonly string[] =>
  [...readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm)].map(
    ([, heading = '']) =>
      `#${heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-')}`,
  )

describe('the documentation', test => {
  for (const { name, text, blocks } of pages) {
    test(`shows only what steward itself takes: ${name}`, async () => {
      assert.equal(await mistakesOn(blocks), [])
    })

    test(`links only to what is there: ${name}`, () => {
      const links = [...text.matchAll(/\]\((?!https?:)([^)#]*)(#[^)]*)?\)/g)].map(([, file = '', anchor]) => ({
        file: `${docsFolder}${file === '' ? name : file}`,
        anchor,
      }))
      assert.equal(
        links.filter(({ file }) => !existsSync(file)),
        [],
      )
      assert.equal(
        links.filter(({ file, anchor }) => anchor !== undefined && !anchorsIn(file).includes(anchor)),
        [],
      )
    })

    test(`says what the code says where it is made of it (npm run docs): ${name}`, async () => {
      assert.ok((await withSections(text)) === text, `docs/${name} is not up to date`)
    })
  }

  test('has no page that nothing leads to', () => {
    const readme = readFileSync(`${projectFolder}README.md`, 'utf8')
    const led = [...pages.map(({ text }) => text), readme].flatMap(text =>
      [...text.matchAll(/\]\((?:docs\/)?([\w-]+\.md)/g)].map(([, name]) => name),
    )
    assert.equal(
      pages.map(({ name }) => name).filter(name => !led.includes(name)),
      [],
    )
  })

  test('has a place for everything that is made of the code', () => {
    for (const section of sectionNames)
      assert.ok(
        pages.some(({ text }) => hasSection(text, section)),
        section,
      )
  })

  test('shows commands that a shell understands', () => {
    assert.equal(shellMistakes(pages.flatMap(({ blocks }) => blocks)), [])
    assert.match(shellMistakes(pageOf('wrong.md', '```sh\nif true; then\n```\n').blocks)[0] ?? '', 'sh -n')
  })

  test('shows programs that fit the types of the library', () => {
    const sources = pages
      .flatMap(({ blocks }) => blocks)
      .filter(({ language }) => programs.includes(language))
      .map(block => [`docs/${block.page}-${block.line}.${block.language}`, block.text] as const)
    const wrong = ['docs/wrong.ts', "import { nobody } from 'steward'\nnobody()"] as const
    const mistakes = typeMistakes(new Map([...sources, wrong]))
    assert.equal(
      mistakes.filter(line => !line.includes('/wrong.ts')),
      [],
    )
    assert.match(mistakes.join('\n'), 'has no exported member')
  })

  test('would not get away with what is wrong', async () => {
    const wrong = [
      ['sh', 'steward run site.yml --no-such-option', 'unknown option'],
      ['sh', 'steward fly', 'unknown command'],
      ['console', '$ steward status | grep km && steward run', 'missing required argument'],
      ['yaml', 'services: { km: { host: all } }', 'unknown key "host"'],
      ['yaml', '- hosts: all\n  service: {}', 'unknown key "service"'],
      ['yaml', 'km: 1', 'no playbook, no catalog'],
      ['ini', '[web\nx', 'expected'],
      ['json', '{', 'JSON'],
      ['sudoers', 'deploy ALL=(ALL) ALL', 'prints no'],
      ['yaml vars', '- a', 'map of variables'],
      ['yaml ansible', 'a: [', 'bad YAML'],
      ['cobol', 'DISPLAY', 'nobody tests'],
      ['', 'steward run', 'nobody tests'],
    ] as const
    for (const [language, text, words] of wrong) {
      const { blocks } = pageOf('wrong.md', `\`\`\`${language}\n${text}\n\`\`\`\n`)
      assert.match((await mistakesOn(blocks)).join('\n'), words)
    }
  })
})
