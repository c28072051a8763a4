/** What a lab could leave behind on the machine, looked at before and after. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { labFolders } from './folder.js'

/** All there is of labs right now, and all mounts and network links of the machine, a description each. */
export const lookForLabs = (): ReadonlySet<string> =>
  new Set([
    ...labFolders().map(folder => `folder ${folder}`),
    ...linesOf('/proc/self/mountinfo').map(mount => `mount ${mount}`),
    ...readdirSync('/sys/class/net').map(link => `link ${link}`),
    ...readdirSync('/proc')
      .filter(isProcessOfLab)
      .map(pid => `process ${pid} ${commandOf(pid)}`),
  ])

/** What is there now and was not at an earlier look: nothing, unless another lab came up meanwhile. */
export const leftSince = (earlier: ReadonlySet<string>): readonly string[] =>
  [...lookForLabs()].filter(found => !earlier.has(found))

/**
 * A process in another namespace than ours, or the guard of a lab. A network or mount namespace that nothing is mounted
 * on ends with its last process, so there is no other trace of one. A zombie has ended, whoever is to bury it.
 */
const isProcessOfLab = (pid: string): boolean =>
  /^\d+$/.test(pid) &&
  !linesOf(`/proc/${pid}/status`).some(line => line.startsWith('State:\tZ')) &&
  (namespaces.some(kind => isForeign(pid, kind)) || commandOf(pid).includes('/lab/scripts/'))

const namespaces = ['pid', 'net', 'mnt'] as const

const isForeign = (pid: string, kind: (typeof namespaces)[number]): boolean => {
  try {
    return readlinkSync(`/proc/${pid}/ns/${kind}`) !== readlinkSync(`/proc/self/ns/${kind}`)
  } catch {
    return false // it has ended
  }
}

const commandOf = (pid: string): string => linesOf(`/proc/${pid}/cmdline`).join(' ').replaceAll('\0', ' ').trim()

const linesOf = (file: string): readonly string[] => {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean)
  } catch {
    return []
  }
}
