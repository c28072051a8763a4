/** One host of a lab, and the way into it that does not lead through what is being tested. */
import { type Ended, output, run } from './run.js'

export type LabHost = Readonly<{
  name: string
  address: string
  port: number
  /** The private key that logs root in, and every user the lab made. */
  keyFile: string
  /** The pid of the host's pid 1, as the machine numbers it: `/proc/PID/ns` are the host's namespaces. */
  pid: number
  /** The end of the host's cable that is on the bridge: `ip link set LINK down` in the lab's network cuts it off. */
  link: string
  /** The host's root folder as the machine sees it, for reading and writing files; absolute symlinks lead astray. */
  root: string
  /**
   * Runs a command on the host without ssh, as root, in `/`: the truth, whatever state ssh is in. Waits until the
   * output is closed too, so what is to stay running must have its output elsewhere.
   */
  exec: (argv: readonly string[], options?: Readonly<{ stdin?: string }>) => Promise<Ended>
}>

/** All that is needed to find a host again from another process. */
export type LabHostPlace = Pick<LabHost, 'name' | 'address' | 'keyFile' | 'pid' | 'link'>

export const labHost = (place: LabHostPlace): LabHost => ({
  ...place,
  port: 22,
  root: `/proc/${place.pid}/root`,
  exec: (argv, options) => run([...enterHost(place), ...argv], { ...options, env: hostEnv }),
})

/** Put before a command, runs it in all the namespaces of a host. */
export const enterHost = (host: LabHostPlace): readonly string[] =>
  `nsenter --target ${host.pid} --mount --uts --ipc --net --pid --root --wd --`.split(' ')

/** What a root login would have, and nothing of the machine's own. */
export const hostEnv = {
  HOME: '/root',
  LANG: 'C.UTF-8',
  LOGNAME: 'root',
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  SHELL: '/bin/sh',
  USER: 'root',
}

/** Adds a user who logs in with the lab's key. `*` is a password nobody has; `!`, useradd's own, would lock the user out. */
export const addUser = async (host: LabHost, name: string): Promise<void> => {
  const script = `
    useradd --create-home --no-user-group --shell /bin/sh --password '*' "$1"
    cp -r /root/.ssh "/home/$1/"
    chown -R "$1:" "/home/$1/.ssh"`
  await output([...enterHost(host), 'sh', '-euc', script, 'sh', name], { env: hostEnv })
}
