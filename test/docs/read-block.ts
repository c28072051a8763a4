/** Whether a block of a page is what it says it is, by the very readers that an operator's files go through. */
import { execFileSync } from 'node:child_process'
import * as E from 'fp-ts/lib/Either.js'
import type { HostName } from '../../lib/model/names.js'
import { codecOf } from '../../lib/read/codec.js'
import { strictly, surveyDocument } from '../../lib/read/document.js'
import { readInventory } from '../../lib/read/inventory.js'
import { anything } from '../../lib/read/json-schema.js'
import { playbookCodec, readCatalogs, readPlaybook } from '../../lib/read/playbook.js'
import { ownVariables } from '../../lib/read/variable.js'
import { sudoersText } from '../../lib/report/sudoers.js'
import { memoryFiles } from '../helpers/estate.js'
import { complaints } from '../helpers/written.js'
import { mistakeIn } from './command-tree.js'
import { type Block, callsIn, fileOf, isShell, typedIn } from './pages.js'

/** Those of the same page that a block may name. */
type Others = Readonly<Record<string, string>>

/** The mistakes in a block; an unknown kind of block is one. Programs, and what a shell makes of its own, are
 * looked at all at once: `shellMistakes`, `typeMistakes`. */
export const mistakesInBlock = async (block: Block, others: Others): Promise<readonly string[]> => {
  const { language, text } = block
  if (isShell(block)) return callMistakes(block)
  if (programs.includes(language) || shown.includes(language)) return []
  if (language === 'json') return jsonMistakes(text)
  if (language === 'ini') return complaints(readInventory(memoryFiles({ hosts: text }), 'hosts', '/shipped'))
  if (language === 'sudoers') return sudoersMistakes(text)
  if (language === 'yaml') return yamlMistakes(block, others)
  return [`a block of the kind "${language}", which nobody tests`]
}

export const programs = ['ts', 'js']
/** What is only looked at. */
const shown = ['text', 'diff', 'html']

/** One shell reads all of them. */
export const shellMistakes = (blocks: readonly Block[]): readonly string[] => {
  try {
    execFileSync('sh', ['-n'], {
      input: blocks.filter(isShell).map(typedIn).join('\n'),
      stdio: ['pipe', 'ignore', 'pipe'],
    })
    return []
  } catch (error) {
    return [(error as Error).message]
  }
}

const callMistakes = async (block: Block): Promise<readonly string[]> => {
  const mistakes: string[] = []
  for (const call of callsIn(block)) {
    const mistake = await mistakeIn(call)
    if (mistake !== null) mistakes.push(`steward ${call.join(' ')}: ${mistake}`)
  }
  return mistakes
}

const jsonMistakes = (text: string): readonly string[] => {
  try {
    // An event a line is JSON too.
    for (const part of /^\{.*\}\n\{/.test(text) ? text.trim().split('\n') : [text]) JSON.parse(part)
    return []
  } catch (error) {
    return [(error as Error).message]
  }
}

/** Rules that steward itself would print for such a login. */
const sudoersMistakes = (text: string): readonly string[] => {
  const rule = { hosts: ['app1' as HostName], login: 'deploy', users: ['shop'] }
  const printed = sudoersText({ rules: [rule], without: [], otherwise: [] }).split('\n')
  return text.split('\n').flatMap(line => (printed.includes(line) ? [] : [`steward sudoers prints no "${line}"`]))
}

const anyYaml = codecOf('YAML', anything, node => E.right(node))

const yamlMistakes = (block: Block, others: Others): readonly string[] => {
  const { note, text } = block
  const name = fileOf(block) ?? 'block.yml'
  const files = memoryFiles({ ...others, [name]: text })
  // Ansible's own files are no files of ours: all that is asked of them is to be YAML.
  if (note === 'ansible') return complaints(strictly(surveyDocument(files, name, anyYaml)))
  if (note === 'vars') return complaints(strictly(surveyDocument(files, name, ownVariables)))
  if (/^- /m.test(text) && !/^\w+:/m.test(text)) {
    const catalogs = [...text.matchAll(/^ +catalog: (\S+)/gm)].map(match => match[1] ?? '')
    const isWhole = catalogs.every(path => Object.hasOwn(others, path))
    return complaints(isWhole ? readPlaybook(files, name) : strictly(surveyDocument(files, name, playbookCodec)))
  }
  if (/^(services|include):/m.test(text)) {
    const read = readCatalogs(files, [name])
    if (E.isRight(read)) return []
    const [first, ...rest] = read.left.filter(({ _tag }) => _tag !== 'UnknownService' || fileOf(block) !== null)
    return first === undefined ? [] : complaints(E.left([first, ...rest]))
  }
  if (/^ +(hosts|children|vars):/m.test(text)) return complaints(readInventory(files, name, '/shipped'))
  return [
    'YAML that is no playbook, no catalog and no inventory; "yaml vars" are variables, "yaml ansible" is Ansible\'s',
  ]
}
