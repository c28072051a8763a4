/** What `-i` names, gathered in order: files, folders of them, lists of hosts, programs (inventory/manager.py). */
import * as E from 'fp-ts/lib/Either.js'
import { HostName } from '../../model/names.js'
import type { InputProblem, InputProblems } from '../../model/problem.js'
import { readDecrypted, withVault } from '../decrypted.js'
import { openSurvey, surveyText } from '../document.js'
import type { Files } from '../files.js'
import type { YamlNode } from '../node.js'
import { parseYaml } from '../yaml.js'
import { yamlOfAnsible } from '../yaml-of-ansible.js'
import { Gathered } from './gathered.js'
import { hostInList } from './host-range.js'
import { gatherIni } from './ini.js'
import { gatherProgram } from './program.js'
import { gatherGroups, groupsCodec } from './yaml-groups.js'

/** What was gathered, and what is wrong with it. With a mistake in a source, the rest of it may be missing. */
export type GatheredSources = Readonly<{ gathered: Gathered; problems: readonly InputProblem[] }>

export const gatherSources = (files: Files, sources: readonly string[]): GatheredSources => {
  const gathered = new Gathered({ file: sources[0] ?? 'the command line', line: 1, column: 1 })
  const problems = sources.flatMap(source => gatherSource(files, source, gathered))
  gathered.reconcile()
  return { gathered, problems }
}

/** Is it hosts instead of a path? `h1,h2`, or `h1,` for one. */
export const isHostList = (files: Files, source: string): boolean =>
  source.includes(',') && files.kindOf(source) === null

const gatherSource = (files: Files, source: string, into: Gathered): readonly InputProblem[] => {
  if (isHostList(files, source)) return gatherList(source, into)
  if (files.kindOf(source) === 'folder') return gatherFolder(files, source, into)
  if (files.kindOf(source) === 'file' && files.isProgram(source)) {
    const answer = gatherProgram(files, source, into)
    if (answer !== 'no program') return answer
  }
  return gatherFile(files, source, into)
}

const gatherList = (source: string, into: Gathered): readonly InputProblem[] =>
  source.split(',').flatMap((part): readonly InputProblem[] => {
    const text = part.trim()
    if (text === '') return []
    const { name, port } = hostInList(text)
    const host = HostName.decode(name)
    if (E.isLeft(host)) {
      return [{ _tag: 'BadUsage', reason: `-i ${source}: expected ${HostName.name}, found "${name}"` }]
    }
    const at = { file: source, line: 1, column: source.indexOf(name) + 1 }
    if (!into.hosts.has(host.right)) into.addHost({ value: host.right, at }, into.ungrouped, port, null)
    return []
  })

/** Ansible's rules (INVENTORY_IGNORE_EXTS and IGNORED_ALWAYS) for what in a folder is no inventory. */
const ignored =
  /^\.|^(?:host_vars|group_vars|vars_plugins)$|(?:\.pyc|\.pyo|\.swp|\.bak|~|\.rpm|\.md|\.txt|\.rst|\.orig|\.ini|\.cfg|\.retry)$/

const gatherFolder = (files: Files, folder: string, into: Gathered): readonly InputProblem[] =>
  files
    .namesIn(folder)
    .filter(name => !ignored.test(name))
    .flatMap(name => gatherSource(files, `${folder.replace(/\/+$/, '')}/${name}`, into))

const gatherFile = (files: Files, file: string, into: Gathered): readonly InputProblem[] => {
  const content = readDecrypted(files, file, isYamlName(file) ? '' : '#;')
  if (E.isLeft(content)) {
    const list = files.kindOf(file) === null && HostName.is(file) ? `; for a host, write -i ${file},` : ''
    return [{ _tag: 'UnreadableFile', path: file, reason: content.left + list, at: null }]
  }
  const { text, wasEncrypted } = content.right
  const asIni = (into: Gathered) => gatherIni(file, text, into, wasEncrypted)
  const looksLikeYaml = isYamlName(file) || beginsLikeYaml(text)
  if (!/\.[^./]+$/.test(file) ? !looksLikeYaml : !isYamlName(file)) return asIni(into)
  const node = withVault(parseYaml(file, text, yamlOfAnsible), content.right, files)
  // What is no YAML may be an INI file by its content, whatever its name.
  const isMap = E.isRight(node) && node.right._tag === 'map'
  if (!isMap && asIni(new Gathered(start(file))).length === 0) return asIni(into)
  return gatherYaml(file, node, into)
}

const isYamlName = (file: string): boolean => /\.(?:ya?ml|json)$/.test(file)

/** A file without an ending is both tried as YAML and as INI by Ansible; a map in YAML has to begin like this. */
const beginsLikeYaml = (text: string): boolean => {
  const [line = ''] = /^[ \t]*[^#;\s].*$/m.exec(text) ?? []
  return /^\s*(?:---|[%{?!&"'])|:(?:\s|$)/.test(line)
}

const gatherYaml = (file: string, node: E.Either<InputProblems, YamlNode>, into: Gathered): readonly InputProblem[] => {
  if (E.isRight(node) && node.right._tag === 'map') {
    const plugin = node.right.entries.find(({ key, value }) => key === 'plugin' && value._tag === 'scalar')
    if (plugin !== undefined) {
      const what = plugin.value._tag === 'scalar' ? plugin.value.text : ''
      return [{ _tag: 'Unsupported', at: plugin.keyAt, reason: noPlugin(what) }]
    }
  }
  const { problems, value } = openSurvey(surveyText(file, node, groupsCodec))
  return [...problems, ...gatherGroups(file, value ?? [], into)]
}

const start = (file: string) => ({ file, line: 1, column: 1 })

const noPlugin = (name: string): string =>
  `this is for Ansible's inventory plugin ${name}, which cannot be run here; a program that prints what ansible-inventory --list does can be given instead`
