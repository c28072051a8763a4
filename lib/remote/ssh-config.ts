/** What ssh_config(5) says of a host, from OpenSSH itself (`ssh -G`), so that Include and Match mean what they mean there. */
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import * as E from 'fp-ts/lib/Either.js'
import type { SshOption, SshRoute } from '../model/inventory.js'
import { ourselves } from './ourselves.js'
import { turnstile } from './ssh/turnstile.js'
import { startProcess } from './start-process.js'

/** By keyword, in lower case; most have one value. */
export type SshConfig = ReadonlyMap<string, readonly string[]>

export type SshConfigReader = (query: SshQuery) => Promise<E.Either<string, SshConfig>>

/** Of whom it is asked, and what counts before any file. */
export type SshQuery = Pick<SshRoute, 'address' | 'user' | 'configFile'> & Readonly<{ options: readonly SshOption[] }>

/** `ssh -G` prints a keyword and its value a line. */
const parseSshConfig = (printed: string): SshConfig =>
  collect(
    printed.split('\n').flatMap(line => {
      const space = line.indexOf(' ')
      return space > 0 ? [[line.slice(0, space), line.slice(space + 1).trim()] as const] : []
    }),
  )

/**
 * Each question is asked once. Where no file says anything that matters here, or there is no ssh, nobody is asked, and
 * only the options count.
 */
export const sshConfigReader = (home: string, timeoutMs: number): SshConfigReader => {
  const answers = new Map<string, Promise<E.Either<string, SshConfig>>>()
  const inTurn = turnstile(asksAtOnce)
  let says: Promise<boolean> | null = null
  return async query => {
    says ??= saysAnything(home)
    if (query.configFile === undefined && !(await says)) return E.right(collect(query.options))
    const key = JSON.stringify(query)
    const answer = answers.get(key) ?? inTurn(() => ask(query, home, timeoutMs))
    answers.set(key, answer)
    return answer
  }
}

/** Put before the address when ssh itself is called. ssh looks for its user's home elsewhere than at HOME. */
export const configArguments = (home: string, configFile: string | undefined): readonly string[] => {
  if (configFile !== undefined) return ['-F', configFile.startsWith('~/') ? home + configFile.slice(1) : configFile]
  if (home === ourselves().home) return []
  const file = `${home}/.ssh/config`
  return ['-F', existsSync(file) ? file : 'none']
}

export const optionArguments = (options: readonly SshOption[]): readonly string[] =>
  options.flatMap(([name, value]) => ['-o', `${name}=${value}`])

/** One costs some 10 ms of computing. */
const asksAtOnce = 4

const collect = (options: readonly SshOption[]): SshConfig => {
  const config = new Map<string, string[]>()
  for (const [name, value] of options) {
    const values = config.get(name.toLowerCase())
    if (values === undefined) config.set(name.toLowerCase(), [value])
    else values.push(value)
  }
  return config
}

const ask = async (
  { address, user, options, configFile }: SshQuery,
  home: string,
  timeoutMs: number,
): Promise<E.Either<string, SshConfig>> => {
  const login = user === null ? [] : ['-l', user]
  const argv = ['-G', '-T', ...configArguments(home, configFile), ...login, ...optionArguments(options), '--', address]
  const started = startProcess('ssh', argv)
  if (E.isLeft(started)) return started
  const child = started.right
  child.stdin.on('error', () => {})
  child.stdin.end()
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs)
  const ended = new Promise<number | null | Error>(resolve => {
    child.on('error', resolve)
    child.on('close', resolve)
  })
  const [outcome, printed, complaints] = await Promise.all([ended, text(child.stdout), text(child.stderr)])
  clearTimeout(timer)
  if (outcome === 0) return E.right(parseSshConfig(printed))
  if (outcome instanceof Error && 'code' in outcome && outcome.code === 'ENOENT' && configFile === undefined)
    return E.right(collect(options))
  const why = outcome instanceof Error ? outcome.message : complaints.trim() || 'it did not answer'
  return E.left(`the settings of ssh for ${address} could not be read (ssh -G): ${why}`)
}

const saysAnything = async (home: string): Promise<boolean> => {
  const inFolder = await readdir(systemFolder).catch(() => [])
  // With HOME elsewhere than where ssh looks, the files of the system are not read either.
  const system = home === ourselves().home ? ['/etc/ssh/ssh_config', ...inFolder.map(name => systemFolder + name)] : []
  const texts = await Promise.all(
    [`${home}/.ssh/config`, ...system].map(file => readFile(file, 'utf8').catch(() => '')),
  )
  return texts.some(text => text.split('\n').some(line => !isIdle.test(line)))
}

const systemFolder = '/etc/ssh/ssh_config.d/'

/** Lines that say nothing of how to reach a host, such as those that Debian ships. */
const isIdle =
  /^\s*(#.*|include\s+\/etc\/ssh\/ssh_config\.d\/\*\.conf\s*|(host\s+\*|(sendenv|hashknownhosts|gssapi\w+)\b.*))?\s*$/i
