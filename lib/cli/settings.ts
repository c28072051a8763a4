/** Finds `ansible.cfg` as Ansible does (config/manager.py, find_ini_config_file) and reads it. */
import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import type { InputProblem, InputProblems } from '../model/problem.js'
import { type AnsibleConfig, readAnsibleConfig } from '../read/ansible-config.js'
import { diskFiles } from '../read/files.js'
import { ourselves } from '../remote/ourselves.js'
import { problemLines } from '../report/problems.js'

export const readSettings = (environment: NodeJS.ProcessEnv = process.env): E.Either<InputProblems, AnsibleConfig> => {
  const cwd = process.cwd()
  const home = environment['HOME'] || ourselves().home
  const { path, warnings } = findConfig(environment, cwd, home)
  const text = path === null ? E.right('') : diskFiles.read(path)
  if (E.isLeft(text)) return E.left([{ _tag: 'UnreadableFile', path: path ?? '', reason: text.left, at: null }])
  const file = path === null ? null : { path, text: text.right, folder: dirname(resolve(path)) }
  return E.map((config: AnsibleConfig) => ({ ...config, warnings: [...warnings, ...config.warnings] }))(
    readAnsibleConfig({ file, environment, cwd, home }),
  )
}

type FoundConfig = Readonly<{ path: string | null; warnings: readonly InputProblem[] }>

const findConfig = (environment: NodeJS.ProcessEnv, cwd: string, home: string): FoundConfig => {
  const named = environment['ANSIBLE_CONFIG']
  const here = join(cwd, 'ansible.cfg')
  const isOpen = ((statSync(cwd, { throwIfNoEntry: false })?.mode ?? 0) & 0o002) !== 0
  const candidates = [
    ...(named === undefined || named === '' ? [] : [fileOf(named.replace(/^~(?=\/|$)/, home))]),
    ...(isOpen ? [] : [here]),
    join(home, '.ansible.cfg'),
    '/etc/ansible/ansible.cfg',
  ]
  const path = candidates.find(isReadable) ?? null
  const isLeftOut = isOpen && existsSync(here) && path !== candidates[0]
  const at = { file: here, line: 1, column: 1 }
  const why = 'anybody may write to this folder, so it may be of anybody'
  return { path, warnings: isLeftOut ? [{ _tag: 'NotHonoured', at, key: 'ansible.cfg', why }] : [] }
}

const fileOf = (path: string): string => (diskFiles.kindOf(path) === 'folder' ? join(path, 'ansible.cfg') : path)

const isReadable = (path: string): boolean => {
  try {
    accessSync(path, constants.R_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** On stderr, so that stdout holds nothing but what was asked for. */
export const warn = (warnings: readonly InputProblem[]): void => {
  for (const line of problemLines(warnings)) console.error(`steward: ${line}`)
}
