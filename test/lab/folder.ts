/** The folder of a lab, which holds its inventory and keys, and how to tell a live lab from the remains of a dead one. */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'

/** The files below the folder of a lab; guard.sh makes the folder with the key in it, and removes it. */
export const pathsOf = (folder: string) => ({
  /** What the scripts need to know about the hosts, a line each. */
  hosts: `${folder}/hosts`,
  /** What is laid over the root of every host (`all`), and of one (its name). */
  seed: (name: string) => `${folder}/seed/${name}`,
  home: `${folder}/home`,
  knownHosts: `${folder}/home/.ssh/known_hosts`,
  key: `${folder}/home/.ssh/id_ed25519`,
  inventory: `${folder}/inventory.yml`,
  /** There only once the lab no longer depends on its starter: what other processes need to use it. */
  kept: `${folder}/lab.json`,
})

/** All folders of labs on this machine, of the living and the dead. */
export const labFolders = (): readonly string[] =>
  readdirSync(tmpdir())
    .filter(name => /^steward-lab-\d+-\d+-/.test(name))
    .map(name => `${tmpdir()}/${name}`)

export const keptLabFolders = (): readonly string[] =>
  labFolders().filter(folder => isAlive(folder) && existsSync(pathsOf(folder).kept))

/**
 * Whether the guard named in the folder's name still runs. Pid and start time identify a process for as long as the
 * machine is up; field 22 is the start time (proc(5)), the 20th after the name, which may hold blanks.
 */
export const isAlive = (folder: string): boolean => {
  const [, pid = '', started] = /steward-lab-(\d+)-(\d+)-/.exec(folder) ?? []
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return state !== 'Z' && rest[18] === started
  } catch {
    return false
  }
}

/** Removes what is left of labs whose guard was killed: nobody else does. */
export const removeStaleLabs = (): readonly string[] => {
  const stale = labFolders().filter(folder => !isAlive(folder))
  for (const folder of stale) rmSync(folder, { recursive: true, force: true })
  return stale
}
