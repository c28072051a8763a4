/** A folder for one test, in which what it launches writes its pid to a file `….pid`, and is ended by it in any case. */
import { readdirSync, readFileSync } from 'node:fs'
import { inFolder } from '../helpers/folder.js'

export const withDaemons = (body: (folder: string) => Promise<void>): Promise<void> =>
  inFolder(async folder => {
    try {
      await body(folder)
    } finally {
      for (const file of readdirSync(folder)) if (file.endsWith('.pid')) end(pidIn(`${folder}/${file}`))
    }
  })

export const pidIn = (file: string): number => Number(readFileSync(file, 'utf8'))

const end = (pid: number): void => {
  try {
    if (pid > 1) process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}
