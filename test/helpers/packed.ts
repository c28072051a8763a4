/** The package as a user gets it: packed by npm, unpacked into an empty project with its declared dependencies alone. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { projectFolder } from './steward.js'

export type Packed = Readonly<{
  tarball: string
  /** What is in it. */
  packageFolder: string
  /** Writes a file of the project. */
  write: (name: string, text: string) => void
  /** A program in the project's folder. */
  call: (program: string, ...argv: string[]) => Readonly<{ code: number | null; output: string }>
}>

/**
 * The dependencies are links to those of this checkout, so that no registry is asked: it shows that the declared ones are
 * enough, not that a registry has them.
 */
export const withPacked = async (use: (packed: Packed) => void | Promise<void>): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'steward-packed-'))
  const packageFolder = join(folder, 'node_modules/steward')
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text)
  const call = (program: string, ...argv: string[]) => {
    const { status, stdout, stderr } = spawnSync(program, argv, { cwd: folder, encoding: 'utf8' })
    return { code: status, output: stdout + stderr }
  }
  try {
    mkdirSync(packageFolder, { recursive: true })
    write('package.json', '{ "name": "empty", "private": true }\n')
    execFileSync('npm', ['pack', '--ignore-scripts', '--offline', '--silent', '--pack-destination', folder], {
      cwd: projectFolder,
    })
    const { version, dependencies } = JSON.parse(readFileSync(`${projectFolder}package.json`, 'utf8'))
    const tarball = join(folder, `steward-${version}.tgz`)
    execFileSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', packageFolder])
    for (const name of Object.keys(dependencies)) link(folder, name)
    await use({ tarball, packageFolder, write, call })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const link = (folder: string, name: string): void => {
  const path = join(folder, 'node_modules', name)
  mkdirSync(dirname(path), { recursive: true })
  symlinkSync(`${projectFolder}node_modules/${name}`, path)
}
