/** What a whole process costs, and all it calls: by the clock, in CPU and in memory. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { text } from 'node:stream/consumers'

/** `maxMiB` is of the largest process among them. */
export type Cost = Readonly<{ wallMs: number; cpuMs: number; maxMiB: number }>

/** By GNU time(1), which waits for it and has its usage from the kernel; throws if it fails. */
export const measure = async (
  argv: readonly string[],
  options: Readonly<{ env?: NodeJS.ProcessEnv; cwd?: string }> = {},
): Promise<Cost> => {
  const file = `${tmpdir()}/steward-bench-time-${process.pid}`
  const began = performance.now()
  const child = spawn('time', ['-q', '-f', '%U %S %M', '-o', file, ...argv], {
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  try {
    const [[code], said, complaints] = await Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)])
    const wallMs = performance.now() - began
    if (code !== 0) throw new Error(`${argv.join(' ').slice(0, 200)}: exit ${code}\n${said}${complaints}`)
    const [user = 0, system = 0, kiB = 0] = readFileSync(file, 'utf8').trim().split(' ').map(Number)
    return { wallMs, cpuMs: (user + system) * 1000, maxMiB: kiB / 1024 }
  } finally {
    rmSync(file, { force: true })
  }
}
