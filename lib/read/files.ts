/** The one place that reads what the user wrote from disk. */
import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import type { Vault } from './vault.js'

/** Larger than any inventory of 100,000 hosts, small enough to read without harm. */
const maxBytes = 32 * 1024 * 1024

/** What reading needs of a file system; tests give their own. */
export type Files = Readonly<{
  /**
   * The text of a file, without a byte order mark; or why it could not be had. Lines that begin with one of the letters
   * of `comments` are left empty where the file is not all UTF-8.
   */
  read: (path: string, comments?: string) => E.Either<string, string>
  /** The YAML files right below a folder, sorted; empty where there is no such folder. */
  yamlFilesIn: (folder: string) => readonly string[]
  /** A path as written in `from`, which is a file. */
  beside: (from: string, path: string) => string
  folderOf: (file: string) => string
  /** A path as seen from the root. */
  absolute: (path: string) => string
  /** What is there, links followed; null for nothing. Whatever is no folder is a file, be it a pipe. */
  kindOf: (path: string) => 'file' | 'folder' | null
  /** The names right below a folder, sorted as Python sorts; empty where there is no such folder. */
  namesIn: (folder: string) => readonly string[]
  /** Can the kernel run it by what it begins with, a `#!` or a binary's magic number? Its mode may not allow it yet. */
  isProgram: (path: string) => boolean
  /** What a program prints; none is run where this is not given. */
  run?: (path: string, argv: readonly string[]) => E.Either<ProgramFault, string>
  /** How what is encrypted is opened; without it, it is refused. */
  vault?: Vault
}>

/** `NotStarted`: it is no program after all, so it may be text. */
export type ProgramFault = Readonly<{ _tag: 'NotStarted' | 'Failed'; reason: string }>

export const diskFiles: Files = {
  read: (path, comments = '') => {
    try {
      const bytes = firstBytes(path, maxBytes + 1)
      if (bytes.length > maxBytes) return E.left(`it is larger than the ${maxBytes / 1024 / 1024} MiB that are read`)
      return E.right(decoded(bytes, comments))
    } catch (error) {
      return E.left(reasonOf(error))
    }
  },
  yamlFilesIn: folder => {
    try {
      const names = readdirSync(folder).filter(name => /\.ya?ml$/.test(name))
      return names.sort().map(name => join(folder, name))
    } catch {
      return []
    }
  },
  beside: (from, path) => (path.startsWith('/') ? path : join(dirname(from), path)),
  folderOf: file => resolve(dirname(file)),
  absolute: path => resolve(path),
  kindOf: path => {
    try {
      return statSync(path).isDirectory() ? 'folder' : 'file'
    } catch {
      return null
    }
  },
  namesIn: folder => {
    try {
      return readdirSync(folder).sort(byCodePoint)
    } catch {
      return []
    }
  },
  isProgram: path => {
    try {
      if (!statSync(path).isFile()) return false
      const [first = 0, second] = firstBytes(path, 2)
      return (first === 0x23 && second === 0x21) || first >= 0x7f
    } catch {
      return false
    }
  },
}

const decoded = (bytes: Buffer, comments: string): string => {
  const utf8 = new TextDecoder('utf-8', { fatal: true })
  try {
    return utf8.decode(bytes)
  } catch (error) {
    if (comments === '') throw error
    const begins = new RegExp(`^[${comments}].*$`, 'gm')
    return utf8.decode(Buffer.from(bytes.toString('latin1').replace(begins, ''), 'latin1'))
  }
}

const byCodePoint = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

/** No more than `most`, whatever size a pipe, a device or a growing file says it has. */
const firstBytes = (path: string, most: number): Buffer => {
  const file = openSync(path, 'r')
  try {
    const chunks: Buffer[] = []
    for (let left = most; left > 0; ) {
      const chunk = Buffer.alloc(Math.min(left, 64 * 1024))
      const count = readSync(file, chunk)
      if (count === 0) break
      chunks.push(chunk.subarray(0, count))
      left -= count
    }
    return Buffer.concat(chunks)
  } finally {
    closeSync(file)
  }
}

const reasonOf = (error: unknown): string => {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ERR_ENCODING_INVALID_ENCODED_DATA':
      return 'it is not UTF-8 text'
    case 'ENOTDIR':
    case 'ENOENT':
      return 'there is no such file'
    case 'EISDIR':
      return 'it is a folder'
    case 'EACCES':
      return 'permission denied'
    default:
      return String((error as Error).message)
  }
}
