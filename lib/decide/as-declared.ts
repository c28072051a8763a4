/** A process that shows what is declared of it, and nothing else. */
import type { Instance } from '../model/catalog.js'
import type { HostText, Observation, Process } from '../model/observation.js'

type Told = Readonly<{ pid: number; ppid: number }> & Pick<Observation, 'users'>

export const asDeclared = (instance: Instance, { pid, ppid, users }: Told): Process => {
  const { args, globs, patterns, exe, cwd, user, contained } = instance
  return {
    pid,
    ppid,
    uid: user === null ? null : /^\d+$/.test(user) ? Number(user) : (users.get(user) ?? null),
    contained,
    isKernel: false,
    state: 'S',
    ageSeconds: 0,
    startTicks: null,
    startedAt: null,
    exe: exe as HostText | null,
    cwd: cwd as HostText | null,
    args: [...args, ...globs, ...patterns] as string[] as HostText[],
    argsFrom: 'cmdline',
  }
}
