/** What the journal needs of a file system; every operation throws as Node's do. */
import { constants } from 'node:fs'
import { mkdir, open, unlink } from 'node:fs/promises'

export type Disk = Readonly<{
  makeFolder: (path: string) => Promise<void>
  /** Makes the entries of a folder last. */
  syncFolder: (path: string) => Promise<void>
  /** A new file for this user alone; fails where there is anything of that name, a link included. */
  createFile: (path: string) => Promise<DiskFile>
  removeFile: (path: string) => Promise<void>
}>

export type DiskFile = Readonly<{
  /** At the end of the file; tells how many bytes were taken, which may be fewer than given. */
  write: (bytes: Buffer) => Promise<number>
  /** Resolves when what was written would outlast the machine (fdatasync(2)). */
  sync: () => Promise<void>
  truncate: (length: number) => Promise<void>
  close: () => Promise<void>
}>

const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants

export const nodeDisk: Disk = {
  makeFolder: async path => {
    await mkdir(path, 0o700)
  },
  syncFolder: async path => {
    const folder = await open(path, constants.O_RDONLY)
    try {
      await folder.sync()
    } finally {
      await folder.close()
    }
  },
  createFile: async path => {
    const file = await open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW, 0o600)
    return {
      write: async bytes => (await file.write(bytes)).bytesWritten,
      sync: () => file.datasync(),
      truncate: length => file.truncate(length),
      close: () => file.close(),
    }
  },
  removeFile: unlink,
}

/** Why an operation failed, in words. */
export const reasonOf = (error: unknown): string => {
  const { code, message } = error as NodeJS.ErrnoException
  return reasons[code ?? ''] ?? String(message)
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of this user is used up',
  EROFS: 'the file system is read-only',
  EIO: 'the disk does not work (input/output error)',
  EACCES: 'permission denied',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  ENOTDIR: 'it is no folder',
  ELOOP: 'it is a symbolic link',
  ENOENT: 'there is no such file',
}
