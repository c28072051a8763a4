/** What `ansible.cfg` and `ANSIBLE_*` variables of the environment say that means something here. */
import * as E from 'fp-ts/lib/Either.js'
import { type BecomeWish, becomeMethods } from '../model/become.js'
import type { Placed } from '../model/place.js'
import type { InputProblem, InputProblems } from '../model/problem.js'
import type { Template } from '../model/template.js'
import { yesOrNo } from '../model/yes-or-no.js'
import { connection, unheeded } from './ansible-keys.js'
import { readConfigText } from './config-text.js'
import type { YamlNode } from './node.js'

/** Null: it says nothing. */
export type AnsibleConfig = Readonly<{
  inventory: readonly string[] | null
  forks: number | null
  /** For reaching a host, in seconds. */
  timeout: number | null
  /** Of the file alone: the environment's is read where vault passwords are. */
  vaultPasswordFile: string | null
  becomePasswordFile: string | null
  connectionPasswordFile: string | null
  /** `ID@SOURCE`, or a source alone. */
  vaultIds: readonly string[]
  /** Whether somebody is to be asked for a password: to log in, to become somebody, to open vaults. */
  asks: Readonly<{ login: boolean; become: boolean; vault: boolean }>
  /** What counts where neither inventory, play nor service says it. */
  become: BecomeWish<Template>
  /** What counts where the inventory says nothing, by the variable that would say it. */
  defaults: ReadonlyMap<string, YamlNode>
  /** What is said and not heeded, and matters. */
  warnings: readonly InputProblem[]
}>

/** Where it is read: paths in the file are as seen from it, those of the environment as seen from `cwd`. */
export type ConfigSources = Readonly<{
  file: Readonly<{ path: string; text: string; folder: string }> | null
  environment: Readonly<Record<string, string | undefined>>
  cwd: string
  home: string
}>

export const readAnsibleConfig = (sources: ConfigSources): E.Either<InputProblems, AnsibleConfig> => {
  const { file, environment, cwd, home } = sources
  const { values, problems: faults } =
    file === null ? { values: new Map<string, Placed<string>>(), problems: [] } : readConfigText(file.path, file.text)
  const problems = [...faults]

  /** The environment counts before the file; of several names the first. */
  const find = (names: readonly string[], keys: readonly string[]): Said | null => {
    for (const name of names) {
      const value = environment[name]
      if (value !== undefined) return { value, at: { file: name, line: 1, column: 1 }, name, folder: cwd }
    }
    for (const name of keys) {
      const said = values.get(name)
      if (said !== undefined) return { ...said, name: name.replace(/^.*\./, ''), folder: file?.folder ?? cwd }
    }
    return null
  }
  const refuse = ({ at, name }: Said, expected: string): null => {
    problems.push({ _tag: 'WrongType', at, expected: `${expected} in ${name}`, found: 'something else' })
    return null
  }
  const whole = (said: Said | null): number | null => {
    if (said === null) return null
    const value = /^\s*\d{1,9}\s*$/.test(said.value) ? Number(said.value) : 0
    return value > 0 ? value : refuse(said, 'a whole number from 1 up')
  }
  const path = (said: Said): string => {
    const text = said.value.trim().replace(/\{\{\s*CWD\s*\}\}/g, cwd)
    if (text === '~' || text.startsWith('~/')) return home + text.slice(1)
    return text.startsWith('/') ? text : `${said.folder}/${text}`
  }

  const inventory = find(['ANSIBLE_INVENTORY'], ['defaults.inventory'])
  const vault = find([], ['defaults.vault_password_file'])
  const pathIn = (name: string): string | null => {
    const said = find([`ANSIBLE_${name.toUpperCase()}`], [`defaults.${name}`])
    return said === null || said.value.trim() === '' ? null : path(said)
  }
  const flag = (name: string, section: string): boolean | null => {
    const said = find([`ANSIBLE_${name.toUpperCase()}`], [`${section}.${name}`])
    return said === null ? null : (yesOrNo(said.value.trim()) ?? refuse(said, 'yes or no'))
  }
  const become = (): BecomeWish<Template> => {
    const user = find(['ANSIBLE_BECOME_USER'], ['privilege_escalation.become_user'])
    const method = find(['ANSIBLE_BECOME_METHOD'], ['privilege_escalation.become_method'])
    const word = method?.value.trim().replace(/^ansible\.builtin\./, '')
    const known = becomeMethods.find(one => one === word)
    return {
      become: flag('become', 'privilege_escalation'),
      user: user === null ? null : { parts: [user.value.trim()], at: user.at },
      method: method === null ? null : (known ?? refuse(method, becomeMethods.join(', '))),
    }
  }
  const ids = find(['ANSIBLE_VAULT_IDENTITY_LIST'], ['defaults.vault_identity_list'])
  // Of two variables for one thing, Ansible takes the one that it names last.
  const timeouts = find(['ANSIBLE_SSH_TIMEOUT', 'ANSIBLE_TIMEOUT'], ['ssh_connection.timeout', 'defaults.timeout'])
  const defaults = new Map<string, YamlNode>()
  for (const { variable, names, keys, isPath } of connection) {
    const said = find(names, keys)
    if (said === null || said.value.trim() === '') continue
    const text = isPath ? path(said) : variable === 'ansible_ssh_args' ? withoutMultiplexing(said.value) : said.value
    if (variable === 'ansible_connection' && text !== 'local') {
      if (!['smart', 'ssh', 'paramiko'].includes(text)) refuse(said, 'smart, ssh, paramiko or local')
      continue
    }
    defaults.set(variable, { _tag: 'scalar', value: text, text, at: said.at })
  }
  const config = {
    inventory: inventory === null ? null : inventoryOf(inventory, path),
    forks: whole(find(['ANSIBLE_FORKS'], ['defaults.forks'])),
    timeout: whole(timeouts),
    vaultPasswordFile: vault === null || vault.value.trim() === '' ? null : path(vault),
    becomePasswordFile: pathIn('become_password_file'),
    connectionPasswordFile: pathIn('connection_password_file'),
    vaultIds: ids === null ? [] : wordsOf(ids.value),
    asks: {
      login: flag('ask_pass', 'defaults') ?? false,
      become: flag('become_ask_pass', 'privilege_escalation') ?? false,
      vault: flag('ask_vault_pass', 'defaults') ?? false,
    },
    become: become(),
    defaults,
    warnings: unheeded.flatMap(({ names, keys, harmless, why }): readonly InputProblem[] => {
      const said = find(names, keys)
      if (said === null || harmless.test(said.value.trim())) return []
      return [{ _tag: 'NotHonoured', at: said.at, key: said.name, why }]
    }),
  }
  const [first, ...rest] = problems
  return first === undefined ? E.right(config) : E.left([first, ...rest])
}

type Said = Placed<string> & Readonly<{ name: string; folder: string }>

/** With a comma behind it, or between, they may be hosts: `h1,` is one. */
const inventoryOf = (said: Said, path: (said: Said) => string): readonly string[] =>
  wordsOf(said.value).map(value => path({ ...said, value }))

const wordsOf = (text: string): readonly string[] =>
  text
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '')

/** Connections are shared in another way here (ssh_config(5), ControlMaster). */
const withoutMultiplexing = (text: string): string =>
  text.replace(/(?<=^|\s)(?:-C|-o\s*"?Control(?:Master|Persist|Path)=(?:"[^"]*"|[^\s"])*"?)(?=\s|$)/gi, '').trim()
