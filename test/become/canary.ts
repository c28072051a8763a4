/** A password that must turn up nowhere, and where it is looked for. */
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

/** Put together here, so that it stands in no file of ours, and no process is called with it. */
export const canary = ['k4n4r13n', 'v0g3l'].join('-')

type Samples = { found: string[]; steward: number; sudo: number }

/** Every process of this machine and of its lab, looked at again and again while something is done. */
export const sampling = async (work: () => Promise<void>): Promise<Samples> => {
  const samples: Samples = { found: [], steward: 0, sudo: 0 }
  let isOver = false
  const working = Promise.allSettled([work()]).then(([ended]) => {
    isOver = true
    return ended
  })
  while (!isOver) {
    for (const pid of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
      const [args, environment] = [contentOf(`/proc/${pid}/cmdline`), contentOf(`/proc/${pid}/environ`)]
      if (args.includes('cli/steward.cjs')) samples.steward += 1
      if (/(^|\/)sudo\0/.test(args)) samples.sudo += 1
      if (`${args}${environment}`.includes(canary)) samples.found.push(args.replaceAll('\0', ' '))
    }
    await delay(10)
  }
  const ended = await working
  if (ended.status === 'rejected') throw ended.reason
  return samples
}

const contentOf = (path: string): string => {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(name => `${folder}/${name}`)

export const filesWith = (folder: string): readonly string[] =>
  filesIn(folder).filter(path => contentOf(path).includes(canary))

export const journals = (folder: string): number =>
  filesIn(folder).filter(path => contentOf(path).includes('RunOpened')).length
