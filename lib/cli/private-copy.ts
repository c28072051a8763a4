/** A file for one editor, in a folder that nobody else can look into, and gone without a trace afterwards. */
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { exitCodes } from '../model/exit-code.js'

/** What is in it when `work` is done. A signal that ends us wipes it too; Ctrl-C is the editor's. */
export const inPrivateCopy = async <A>(
  name: string,
  content: Buffer,
  work: (path: string) => Promise<A>,
): Promise<Readonly<{ result: A; content: Buffer }>> => {
  // In memory where there is such a place for this user (pam_systemd(8)).
  const memory = process.env['XDG_RUNTIME_DIR']
  const above = memory !== undefined && existsSync(memory) ? memory : tmpdir()
  const folder = mkdtempSync(join(above, 'steward-vault-'))
  const path = join(folder, `vault${extname(name)}`)
  const leave = (): never => {
    wipe(folder)
    process.exit(exitCodes.interrupted)
  }
  const stay = (): void => {}
  process.on('SIGINT', stay).on('SIGTERM', leave).on('SIGHUP', leave)
  try {
    writeFileSync(path, content, { mode: 0o600, flag: 'wx' })
    const result = await work(path)
    return { result, content: readFileSync(path) }
  } finally {
    wipe(folder)
    process.off('SIGINT', stay).off('SIGTERM', leave).off('SIGHUP', leave)
  }
}

/** Editors leave copies of their own beside it. */
const wipe = (folder: string): void => {
  for (const name of readdirSync(folder)) overwrite(join(folder, name))
  rmSync(folder, { recursive: true, force: true })
}

const overwrite = (path: string): void => {
  try {
    const { size } = statSync(path)
    const file = openSync(path, 'r+')
    writeSync(file, Buffer.alloc(size))
    closeSync(file)
  } catch {
    // A folder, or a file of somebody else's: it is removed all the same.
  }
}
