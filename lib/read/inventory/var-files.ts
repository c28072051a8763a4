/** `group_vars` and `host_vars` beside an inventory or a playbook (plugins/vars/host_group_vars.py). */
import * as E from 'fp-ts/lib/Either.js'
import type { InputProblem } from '../../model/problem.js'
import { readDecrypted, withVault } from '../decrypted.js'
import { openSurvey, surveyText } from '../document.js'
import type { Files } from '../files.js'
import type { YamlNode } from '../node.js'
import { parseYaml } from '../yaml.js'
import { yamlOfAnsible } from '../yaml-of-ansible.js'
import { variablesCodec } from './yaml-groups.js'

type Kind = 'group_vars' | 'host_vars'
type Nodes = ReadonlyMap<string, YamlNode>

const endings = ['', '.yml', '.yaml', '.json']

export class VarFiles {
  readonly problems: InputProblem[] = []
  readonly #files: Files
  readonly #folders = new Map<string, ReadonlySet<string>>()
  readonly #read = new Map<string, Nodes>()

  constructor(files: Files) {
    this.#files = files
  }

  /** What `base` has in its files for a group or host; of two files the later one counts. */
  of(kind: Kind, base: string, name: string): Nodes {
    // A name with a slash would lead elsewhere.
    const folder = `${base}/${kind}`
    const names = this.#namesIn(folder)
    if (names.size === 0 || name.includes('/')) return nothing
    const ending = endings.find(ending => names.has(name + ending))
    return ending === undefined ? nothing : this.#at(`${folder}/${name}${ending}`)
  }

  #at(path: string): Nodes {
    const known = this.#read.get(path)
    if (known !== undefined) return known
    const files = this.#files.kindOf(path) === 'folder' ? this.#filesIn(path) : [path]
    const [first, ...rest] = files.map(file => this.#readFile(file))
    const merged =
      rest.length === 0 ? (first ?? nothing) : new Map([first ?? nothing, ...rest].flatMap(one => [...one]))
    this.#read.set(path, merged)
    return merged
  }

  #filesIn(folder: string): readonly string[] {
    return this.#files.namesIn(folder).flatMap(name => {
      if (name.startsWith('.') || name.endsWith('~')) return []
      const ending = /.(\.[^.]*)$/.exec(name)?.[1] ?? ''
      const path = `${folder}/${name}`
      if (this.#files.kindOf(path) === 'folder') return ending === '' ? this.#filesIn(path) : []
      return endings.includes(ending) ? [path] : []
    })
  }

  /** An empty file, or one with nothing but comments, says nothing. */
  #readFile(file: string): Nodes {
    const text = readDecrypted(this.#files, file)
    if (E.isLeft(text)) {
      this.problems.push({ _tag: 'UnreadableFile', path: file, reason: text.left, at: null })
      return nothing
    }
    if (!/^[^#\s]/m.test(text.right.text.replace(/^---.*$/m, ''))) return nothing
    const node = withVault(parseYaml(file, text.right.text, yamlOfAnsible), text.right, this.#files)
    const { problems, value } = openSurvey(surveyText(file, node, variablesCodec))
    this.problems.push(...problems)
    return new Map((value ?? []).map(entry => [entry.key.value, entry.value]))
  }

  #namesIn(folder: string): ReadonlySet<string> {
    const names = this.#folders.get(folder) ?? new Set(this.#files.namesIn(folder))
    this.#folders.set(folder, names)
    return names
  }
}

const nothing: Nodes = new Map()
