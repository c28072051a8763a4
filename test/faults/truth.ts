/** What the kernel says of a lab host's processes (proc(5)), read without ssh and otherwise than by the code under test. */
import { readdirSync, readFileSync } from 'node:fs'
import type { LabHost } from '../lab/host.js'

export type Truth = Readonly<{
  pid: number
  ppid: number
  uid: number
  state: string
  startTicks: number
  args: readonly string[]
}>

/** All processes of the host as it numbers them, without those that end while it is read. */
export const truthOn = ({ root }: LabHost): ReadonlyMap<number, Truth> =>
  new Map(
    readdirSync(`${root}/proc`)
      .filter(name => /^\d+$/.test(name))
      .flatMap(name => truthOf(`${root}/proc/${name}`))
      .map(truth => [truth.pid, truth] as const),
  )

const truthOf = (folder: string): readonly Truth[] => {
  try {
    const status = readFileSync(`${folder}/status`, 'utf8')
    const stat = readFileSync(`${folder}/stat`, 'utf8')
    return [
      {
        pid: Number(folder.slice(folder.lastIndexOf('/') + 1)),
        ppid: Number(/^PPid:\t(\d+)/m.exec(status)?.[1]),
        uid: Number(/^Uid:\t\d+\t(\d+)/m.exec(status)?.[1]),
        state: /^State:\t(.)/m.exec(status)?.[1] ?? '',
        startTicks: Number(stat.slice(stat.lastIndexOf(') ') + 2).split(' ')[19]),
        args: readFileSync(`${folder}/cmdline`, 'utf8').split('\0').slice(0, -1),
      },
    ]
  } catch {
    return []
  }
}
