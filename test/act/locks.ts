/** Logins that take, show and release the lock of a home of their own, by the real scripts. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { readLock, readRelease, releaseScript, takeLock } from '../../lib/act/lock.js'
import { readRemoval, readShowing, showLockScript, unlockScript } from '../../lib/act/unlock.js'
import type { LockClaim, LockContent, LockRelease, LockTaking, ShownLock } from '../../lib/model/lock.js'
import { rightOf } from '../observe/either.js'
import type { Start } from '../observe/processes.js'
import { type Run, scriptOf, shellOf } from '../observe/shells.js'

/** A home whose path nobody would choose. */
export const inHome = async (body: (home: string) => Promise<void>): Promise<void> => {
  const home = mkdtempSync(join(tmpdir(), `steward-test-it's "$HOME" *\n-`))
  try {
    await body(home)
  } finally {
    rmSync(home, { recursive: true })
  }
}

export const placeIn = (home: string): string => `${home}/.steward/${hostname()}`
export const lockIn = (home: string): string => `${placeIn(home)}/lock`
export const textIn = (home: string): string => readFileSync(lockIn(home), 'utf8')
export const editIn = (home: string, edit: (text: string) => string): void =>
  writeFileSync(lockIn(home), edit(textIn(home)), { mode: 0o600 })

/** Its connection is this very process, which lives. */
export const login = (argv: readonly string[], home: string): Run => shellOf(argv, { env: envOf(home) })

/** Its connection ends with its script. */
export const passing = (argv: readonly string[], home: string): Run => login([...connection, ...argv], home)

const connection = ['/bin/sh', '-c', '"$@"; exit $?', 'connection']

/** Its connection has ended before its script begins: whoever takes in orphans is its parent. */
export const orphaned = (argv: readonly string[], home: string): Run => login([...orphan, ...argv], home)

const orphan = [
  '/bin/sh',
  '-c',
  `exec 3<&0
(
  until read -r pid name state above rest </proc/self/stat && [ "$above" = 1 ]; do :; done
  exec "$@" 3<&-
) <&3 &
exit 0`,
  'orphan',
]

const envOf = (home: string) => ({ PATH: process.env['PATH'] ?? '', HOME: home })

export const claimOf = (run: string): LockClaim => ({ run, who: `${run}@controller pid 1` })

export const freshNonce = (): string => crypto.randomUUID().replaceAll('-', '')

export type Taking = Readonly<{ taking: LockTaking; wentOn: boolean }>

export const take = async (run: Run, name: string, then = 'echo went on'): Promise<Taking> => {
  const nonce = freshNonce()
  const { stdout } = await run(scriptOf(takingText(nonce, name, then)))
  return { taking: rightOf(readLock(nonce, stdout)), wentOn: stdout.endsWith('went on\n') }
}

export const takingText = (nonce: string, name: string, then: string): string =>
  `{\n${takeLock(nonce, claimOf(name))}\n${then}\nexit 0\n}\n`

export const tagOf = async (run: Run, name: string): Promise<LockTaking['_tag']> => (await take(run, name)).taking._tag

/** Whose it is, as far as it can be read. */
export const runOf = (content: LockContent | null): string | null => (content?._tag === 'Holder' ? content.run : null)

export const release = async (run: Run, name: string): Promise<LockRelease> => {
  const nonce = freshNonce()
  return rightOf(readRelease(nonce, (await run(scriptOf(releaseScript(nonce, claimOf(name))))).stdout))
}

export const show = async (run: Run) => {
  const nonce = freshNonce()
  return rightOf(readShowing(nonce, (await run(scriptOf(showLockScript(nonce)))).stdout))
}

export const shownOf = async (run: Run): Promise<ShownLock> => {
  const shown = await show(run)
  if (shown._tag !== 'Shown') throw new Error(`nothing was shown but ${JSON.stringify(shown)}`)
  return shown
}

export const unlock = async (run: Run, shown: ShownLock) => {
  const nonce = freshNonce()
  return rightOf(readRemoval(nonce, (await run(scriptOf(unlockScript(nonce, shown)))).stdout))
}

export type Holder = Readonly<{ connection: number; script: number }>

/** Takes the lock and stays; both of its processes are real and can be ended. `folder` ends them in any case. */
export const holdLock = async (
  start: Start,
  argv: readonly string[],
  home: string,
  folder: string,
  name: string,
): Promise<Holder> => {
  const file = `${folder}/${name}.sh`
  const stay = `echo $$ >'${folder}/${name}.pid'; echo $$; exec sleep 600`
  writeFileSync(file, `exec 3>&1 >/dev/null\n${takingText(freshNonce(), name, `exec >&3 3>&-; ${stay}`)}`)
  const stays = ['/bin/sh', '-c', 'exec 2>/dev/null; "$@"; exec sleep 600', 'connection']
  const { pid, said } = await start(['/usr/bin/env', '-i', ...pairs(envOf(home)), ...stays, ...argv, file])
  return { connection: pid, script: Number(said) }
}

const pairs = (env: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(env).map(([key, value]) => `${key}=${value}`)
