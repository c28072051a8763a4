/** A folder for one test, whatever becomes of it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const inFolder = async (body: (folder: string) => Promise<void>): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'steward-test-'))
  try {
    await body(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
