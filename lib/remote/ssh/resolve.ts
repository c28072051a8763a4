/** From a route of the inventory to a destination: what ssh_config says is filled in, and the jump hosts with it. */

import * as E from 'fp-ts/lib/Either.js'
import type { SshOption } from '../../model/inventory.js'
import { ourselves } from '../ourselves.js'
import type { SshConfig, SshConfigReader, SshQuery } from '../ssh-config.js'
import { type Destination, expandTokens, type Through } from './destination.js'
import { type Login, type SshOptions, type SshRoute, type SshSettings, settingsOf, usualKnownHosts } from './options.js'

/** The Left says in words why it is not known how to get there. */
export const resolveRoute = async (
  route: SshRoute,
  options: SshOptions,
  askConfig: SshConfigReader,
  depth = 0,
): Promise<E.Either<string, Destination>> => {
  if (depth > mostJumps) return E.left(`${route.address} is behind more than ${mostJumps} jump hosts: a circle?`)
  const asked: SshQuery = {
    address: route.address,
    user: route.user,
    options: optionsOf(route),
    ...(route.configFile === undefined ? {} : { configFile: route.configFile }),
  }
  const config = await askConfig(asked)
  if (E.isLeft(config)) return config
  const one = (name: string) => wordIn(config.right, name)
  const login: Login = {
    address: expandHostName(one('hostname'), route.address),
    port: route.port ?? Number(one('port') ?? 22),
    user: route.user ?? otherThanOurs(one('user')) ?? options.user,
    hostKeyAlias: one('hostkeyalias'),
  }
  const settings = settingsFor(options, config.right, login, route.address)
  const through = await throughWhom(route, config.right, login, options, askConfig, depth)
  if (E.isLeft(through)) return through
  const identityFiles = identityFilesOf(config.right)
  return E.right({
    login,
    settings,
    keys: {
      keyFile: route.keyFile,
      identityFiles:
        identityFiles?.map(file => expandTokens(file, { login, originalHost: route.address, home: options.home })) ??
        null,
      identitiesOnly: one('identitiesonly') === 'yes',
    },
    password: route.password ?? settings.password,
    through: through.right,
    asked,
  })
}

/** `ssh -G` names the user who asks where nobody is named. */
const otherThanOurs = (user: string | null): string | null => (user === ourselves().name ? null : user)

/** The port of the inventory's own variable counts first. */
const optionsOf = ({ port, sshOptions = [] }: SshRoute): readonly SshOption[] =>
  port === null ? sshOptions : [['Port', `${port}`], ...sshOptions]

const mostJumps = 8

/** `none` is how ssh_config takes a value back. */
const textIn = (config: SshConfig, name: string): string | null => {
  const value = config.get(name)?.[0]
  return value === undefined || value.toLowerCase() === 'none' ? null : value
}

const wordIn = (config: SshConfig, name: string): string | null => {
  const value = textIn(config, name)
  return value === null ? null : unquoted(value)
}

const unquoted = (value: string): string => /^"(.*)"$/.exec(value)?.[1] ?? value

/** `ssh -G` has filled in its `%h` already; an option that nobody was asked about has not. */
const expandHostName = (name: string | null, address: string): string =>
  name === null ? address : name.replaceAll('%h', address).replaceAll('%%', '%')

const settingsFor = (options: SshOptions, config: SshConfig, login: Login, originalHost: string): SshSettings => {
  const { home } = options
  const agent = config.get('identityagent')?.[0]
  const expand = (value: string) => expandTokens(unquoted(value), { login, originalHost, home })
  const seconds = (name: string): number | undefined => {
    const value = Number(config.get(name)?.[0])
    return value > 0 ? value * 1000 : undefined
  }
  const connectTimeoutMs = options.connectTimeoutMs ?? seconds('connecttimeout')
  const keepaliveMs = options.keepaliveMs ?? seconds('serveraliveinterval')
  return settingsOf({
    ...options,
    ...(agent === undefined || agent === 'SSH_AUTH_SOCK' || agent.startsWith('$')
      ? {}
      : { agentSocket: agent.toLowerCase() === 'none' ? null : expand(agent) }),
    ...(connectTimeoutMs === undefined ? {} : { connectTimeoutMs }),
    ...(keepaliveMs === undefined ? {} : { keepaliveMs }),
    ...(options.knownHostsFiles === undefined ? knownHostsIn(config, home, expand) : {}),
  })
}

const knownHostsIn = (
  config: SshConfig,
  home: string,
  expand: (file: string) => string,
): Pick<SshSettings, 'knownHostsFiles' | 'newKeysFile'> => {
  const usual = usualKnownHosts(home)
  const own = filesIn(config, 'userknownhostsfile')?.map(expand) ?? usual.own
  const ofTheSystem = filesIn(config, 'globalknownhostsfile')?.map(expand) ?? usual.ofTheSystem
  return { knownHostsFiles: [...own, ...ofTheSystem], newKeysFile: own[0] ?? null }
}

/** Null where none are named. `ssh -G` prints the list without its quotes; what it takes by default is meant of our HOME. */
const filesIn = (config: SshConfig, name: string): readonly string[] | null =>
  config
    .get(name)?.[0]
    ?.split(/\s+/)
    .filter(file => file !== '' && file.toLowerCase() !== 'none')
    .map(file => file.replace(/^.*\/(\.ssh\/known_hosts2?)$/, '~/$1')) ?? null

/** Null where it is the list that ssh tries when nobody names any. */
const identityFilesOf = (config: SshConfig): readonly string[] | null => {
  const files = (config.get('identityfile') ?? []).map(unquoted).filter(file => file.toLowerCase() !== 'none')
  return files.length === 0 || files.every(file => /^~\/\.ssh\/id_[a-z0-9_]+$/.test(file)) ? null : files
}

const throughWhom = async (
  route: SshRoute,
  config: SshConfig,
  login: Login,
  options: SshOptions,
  askConfig: SshConfigReader,
  depth: number,
): Promise<E.Either<string, Through>> => {
  const jump = wordIn(config, 'proxyjump')
  if (jump !== null) {
    const hops = jump.split(',').map(hop => readJump(hop.trim()))
    const last = hops.at(-1)
    if (last === undefined || hops.includes(null) || last === null)
      return E.left(`ProxyJump of ${route.address} is not [user@]host[:port]: ${jump}`)
    const before = jump.slice(0, Math.max(0, jump.lastIndexOf(',')))
    // As ssh does it: the last is asked for by name, and goes through those before it.
    const hop = await resolveRoute(
      {
        _tag: 'Ssh',
        ...last,
        keyFile: null,
        ...(before === '' ? {} : { sshOptions: [['ProxyJump', before] as const] }),
        ...(route.configFile === undefined ? {} : { configFile: route.configFile }),
      },
      options,
      askConfig,
      depth + 1,
    )
    return E.isLeft(hop) ? hop : E.right({ _tag: 'Jump', hop: hop.right })
  }
  // The rest of its line is for the shell, quotes and all.
  const command = textIn(config, 'proxycommand')
  if (command === null) return E.right({ _tag: 'Nothing' })
  // It becomes shell text: the host and the port cannot harm it, as they are checked where they are read.
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.@+-]*\$?$/.test(login.user) || !/^[A-Za-z0-9_:][A-Za-z0-9_.:%-]*$/.test(login.address))
    return E.left(`"${login.user}@${login.address}" cannot be put into the ProxyCommand`)
  const expanded = expandTokens(command, { login, originalHost: route.address, home: options.home })
  return E.right({ _tag: 'Command', command: expanded })
}

/** `[user@]host[:port]` or `ssh://…`; an IPv6 address stands in brackets. */
const readJump = (text: string): Pick<SshRoute, 'address' | 'port' | 'user'> | null => {
  const match =
    /^(?:ssh:\/\/)?(?:([^@\s]+)@)?(?:\[([A-Za-z0-9:.%]+)\]|([A-Za-z0-9_][A-Za-z0-9_.:-]*?))(?::(\d{1,5}))?\/?$/.exec(
      text,
    )
  const address = match?.[2] ?? match?.[3]
  if (address === undefined) return null
  return { address, port: match?.[4] === undefined ? null : Number(match[4]), user: match?.[1] ?? null }
}
