/** The command lines for the system's ssh: pure text, and nothing of a script or a secret in it. */

import type { SshOption } from '../../model/inventory.js'
import { ourselves } from '../ourselves.js'
import type { Destination } from '../ssh/destination.js'
import { keepalives } from '../ssh/log-in.js'
import { configArguments, optionArguments } from '../ssh-config.js'

/** Where a master listens, where it writes what it does, and the keys of new hosts: in a folder for nobody else. */
export type MasterPaths = Readonly<{ socket: string; log: string; newKeys: string }>

/**
 * A connection without a session, for others to run theirs over. It says "up" on stdout as soon as it takes them. Ours
 * come first and count: ssh_config(5) takes the first value it meets.
 */
export const masterArguments = (
  { asked, keys, settings, through }: Destination,
  paths: MasterPaths,
  jump: MasterPaths | null,
): readonly string[] => [
  ...configArguments(settings.home, asked.configFile),
  ...optionArguments([
    ...quiet,
    ['ControlMaster', 'yes'],
    ['ControlPath', quoted(paths.socket.replaceAll('%', '%%'))],
    ['ControlPersist', 'no'],
    ['StrictHostKeyChecking', settings.hostKeys === 'strict' ? 'yes' : 'accept-new'],
    ['HashKnownHosts', 'no'],
    ['UpdateHostKeys', 'no'],
    ['PermitLocalCommand', 'yes'],
    ['LocalCommand', 'echo up'],
    ['LogLevel', 'DEBUG1'],
    // To ssh it is the time until both have greeted; we give up earlier, and say at what.
    ['ConnectTimeout', `${Math.ceil((settings.connectTimeoutMs + settings.handshakeTimeoutMs) / 1000)}`],
    ['ServerAliveInterval', `${Math.ceil(settings.keepaliveMs / 1000)}`],
    ['ServerAliveCountMax', `${keepalives}`],
    ...(jump === null ? [] : [['ProxyCommand', throughMaster(jump)] as const]),
    // A user's ProxyCommand is what it was resolved to: it may name a port that the inventory has changed.
    ...(through._tag === 'Command' ? [['ProxyCommand', through.command.replaceAll('%', '%%')] as const] : []),
    ...filesOf({ keys, settings }, paths),
  ]),
  ...(keys.keyFile === null ? [] : ['-i', keys.keyFile.replace(/^~\//, `${settings.home}/`)]),
  ...(asked.user === null ? [] : ['-l', asked.user]),
  ...optionArguments(asked.options),
  '-T',
  '-N',
  '-E',
  paths.log,
  '--',
  asked.address,
]

/** A session of a master. Should the host open none, ssh would log in anew: this ProxyCommand keeps it from that. */
export const sessionArguments = (socket: string, log: string, name: string, command: string): readonly string[] => [
  ...overMaster(socket),
  ...optionArguments([['LogLevel', 'DEBUG2']]),
  '-T',
  '-E',
  log,
  '--',
  name,
  command,
]

const overMaster = (socket: string): readonly string[] => [
  '-F',
  'none',
  ...optionArguments([...quiet, ['ControlMaster', 'no'], ['ProxyCommand', 'false']]),
  '-S',
  socket.replaceAll('%', '%%'),
]

/** Run by a shell, with `%h` and `%p` filled in by ssh. */
const throughMaster = ({ socket }: MasterPaths): string =>
  [...['ssh', ...overMaster(socket)].map(word => inShell(word).replaceAll('%', '%%')), "-W '[%h]:%p' -- jump"].join(' ')

const inShell = (word: string): string =>
  /^[A-Za-z0-9_=./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`

const quoted = (path: string): string => (/\s/.test(path) ? `"${path}"` : path)

/** No prompt, and none of what a user's ssh_config may want of an interactive login. */
const quiet = [
  ['BatchMode', 'yes'],
  ['ClearAllForwardings', 'yes'],
  ['ForwardAgent', 'no'],
  ['ForwardX11', 'no'],
  ['RemoteCommand', 'none'],
  ['RequestTTY', 'no'],
  ['Tunnel', 'no'],
] as const

/** The known hosts are those that were resolved. ssh looks for its user's keys in the home of the password database, whatever HOME says. */
const filesOf = (
  { keys, settings }: Pick<Destination, 'keys' | 'settings'>,
  { newKeys }: MasterPaths,
): readonly SshOption[] => {
  const { home, hostKeys } = settings
  // ssh writes a new one into the first. Told of none at all, it would not say that the host is not known.
  const knownHostsFiles = hostKeys === 'strict' ? settings.knownHostsFiles : [newKeys, ...settings.knownHostsFiles]
  const known = [
    ['UserKnownHostsFile', knownHostsFiles.map(quoted).join(' ') || '/dev/null'],
    ['GlobalKnownHostsFile', 'none'],
  ] as const
  if (home === ourselves().home) return known
  const usual = keys.keyFile === null && keys.identityFiles === null ? ['id_ed25519', 'id_ecdsa', 'id_rsa'] : []
  return [...known, ...usual.map(name => ['IdentityFile', quoted(`${home}/.ssh/${name}`)] as const)]
}
