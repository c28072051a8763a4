/** What is wrong with a host, judged by what it told of itself. */
import type { BecomeRefusal } from '../model/become.js'
import type { Fault, Tool } from '../model/check.js'
import type { RemoteError } from '../model/remote-error.js'

/** Milliseconds that the host's clock is surely ahead of ours (or behind, below 0); 0 where the two may agree. */
export const clockSkewMs = (hostSeconds: number, sentMs: number, heardMs: number): number => {
  // It was read between the two moments, and cut to whole seconds.
  const [atLeast, atMost] = [hostSeconds * 1000 - heardMs, hostSeconds * 1000 + 999 - sentMs]
  if (atLeast > 0) return atLeast
  return atMost < 0 ? atMost : 0
}

/** Nothing is decided by a host's clock, but people read its logs beside others. */
const maxSkewMs = 5_000

export const clockFaults = (hostSeconds: number | null, sentMs: number, heardMs: number): readonly Fault[] => {
  if (hostSeconds === null) return [{ what: 'its date does not know +%s', fix: 'install a date that does: coreutils' }]
  const skewMs = clockSkewMs(hostSeconds, sentMs, heardMs)
  if (Math.abs(skewMs) <= maxSkewMs) return []
  const by = `${Math.round(Math.abs(skewMs) / 1000)} s ${skewMs > 0 ? 'ahead of' : 'behind'}`
  return [{ what: `its clock is ${by} this machine's`, fix: 'set it, and keep it by NTP' }]
}

/** What cannot be done without it, where nothing else can take its place. */
export const toolFaults = (there: ReadonlySet<Tool>): readonly Fault[] => {
  const has = (tool: Tool) => there.has(tool)
  const faults: Fault[] = []
  const add = (what: string, fix: string) => faults.push({ what, fix })
  if (!has('proc') && !has('ps'))
    add('there is neither /proc with grep nor ps: no process can be seen', 'install procps')
  else if (!has('proc'))
    add('there is no /proc that grep can read: processes cannot be signalled', 'mount /proc, and install grep')
  if (!has('ss') && !has('netstat') && !has('proc'))
    add('there is neither ss nor netstat: no port can be seen', 'install iproute2')
  if (!has('readlink')) add('there is no readlink: exe: and cwd: cannot be compared', 'install coreutils')
  if (!has('ls'))
    add('its ls knows no -b: the file a process runs may be shown in part', 'install coreutils, or use args: alone')
  if (!has('tmp')) add('no folder can be written: what a command prints is lost', 'make room in /tmp')
  return faults
}

/** What to do about a refusal, by its reason. */
export const fixForBecome = (reason: BecomeRefusal, method: string): string => {
  switch (reason) {
    case 'NeedsTerminal':
      return method === 'su'
        ? 'use ansible_become_method: sudo'
        : 'Defaults:LOGIN !requiretty, as steward sudoers prints it'
    case 'PasswordNeeded':
      return method === 'doas'
        ? 'permit nopass in doas.conf'
        : 'give a password with -K, or NOPASSWD as steward sudoers prints it'
    case 'WrongPassword':
      return 'give the right one; it may be another on this host: ansible_become_password'
    case 'NotInSudoers':
    case 'NotAllowed':
      return `allow it: steward sudoers prints the rules`
    case 'Expired':
      return 'renew the password or the account on the host: passwd, chage'
    case 'NotInstalled':
      return `install and set up ${method}, or name another become_method`
    case 'UnknownUser':
      return 'correct become_user, or make the user'
    case 'Other':
      return 'see what it says'
  }
}

/** By which subject a connection failed. */
export const subjectOf = (error: RemoteError): 'reach' | 'host key' | 'login' | 'shell' => {
  switch (error._tag) {
    case 'Unreachable':
    case 'Lost':
      return 'reach'
    case 'HostKeyRefused':
      return 'host key'
    case 'LoginRefused':
      return 'login'
    case 'TooMuchOutput':
    case 'BadAnswer':
    case 'Late':
    case 'BecomeRefused':
      return 'shell'
  }
}

export const fixForConnection = (subject: ReturnType<typeof subjectOf>): string => {
  switch (subject) {
    case 'reach':
      return 'see that it is up, and what ansible_host and ansible_port say'
    case 'host key':
      return 'compare its key on its console; a new one is put into known_hosts by --host-key accept-new'
    case 'login':
      return "put this user's public key into its authorized_keys, or name another key or ansible_user"
    case 'shell':
      return 'let the login run /bin/sh, and its start files print nothing'
  }
}
