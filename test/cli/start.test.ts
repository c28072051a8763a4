import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Script } from 'node:vm'
import * as assert from 'uvu/assert'
import { projectFolder, stewardMain } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'

const built = dirname(stewardMain)

/** Installed alone, with nothing beside it that it could load. */
const withCopy = (use: (main: string, code: string) => void) => {
  const folder = mkdtempSync(join(tmpdir(), 'steward-alone-'))
  try {
    const copy = join(folder, 'dist/lib/cli')
    mkdirSync(copy, { recursive: true })
    for (const name of ['steward.cjs', 'bundle.cjs', 'bundle.code']) copyFileSync(join(built, name), join(copy, name))
    writeFileSync(join(folder, 'package.json'), '{ "type": "module", "version": "7.8.9" }')
    use(join(copy, 'steward.cjs'), join(copy, 'bundle.code'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const versionOf = (main: string): string => execFileSync(process.execPath, [main, '--version'], { encoding: 'utf8' })

describe('the start of steward', test => {
  test('needs no module but its own file', () => withCopy(main => assert.is(versionOf(main), '7.8.9\n')))

  test('has code that this V8 takes', () => {
    const { cachedDataRejected } = new Script(readFileSync(join(built, 'bundle.cjs'), 'latin1'), {
      filename: join(built, 'bundle.cjs'),
      cachedData: readFileSync(join(built, 'bundle.code')),
    })
    assert.is(cachedDataRejected, false)
  })

  test('needs no kept code', () =>
    withCopy((main, code) => {
      rmSync(code)
      assert.is(versionOf(main), '7.8.9\n')
    }))

  test('takes no code of another V8', () =>
    withCopy((main, code) => {
      const bytes = readFileSync(code)
      bytes[4] = (bytes[4] ?? 0) ^ 1 // of the hash of its version
      bytes.fill(0, bytes.length / 2)
      writeFileSync(code, bytes)
      assert.is(versionOf(main), '7.8.9\n')
    }))

  test('draws, by what is only loaded when it is called', () => {
    const playbook = join(projectFolder, 'playbooks/start-all.yml')
    const drawn = execFileSync(process.execPath, [stewardMain, 'graph', playbook, '--format', 'svg'], {
      encoding: 'utf8',
    })
    assert.match(drawn, /^<svg /m)
  })

  test('is text that latin1 and UTF-8 read alike', () =>
    assert.not.match(readFileSync(join(built, 'bundle.cjs'), 'latin1'), /[^\0-\x7f]/))

  test('finds the native part of ssh2 by the name of its package', () => {
    const text = readFileSync(join(built, 'bundle.cjs'), 'latin1')
    assert.match(text, /require\("ssh2\/lib\/protocol\/crypto\/build\/Release\/sshcrypto\.node"\)/)
  })

  test('ships the terms of all that its file holds', () => {
    const terms = readFileSync(join(built, 'licenses.txt'), 'utf8')
    for (const name of ['ssh2', 'fp-ts', 'io-ts', 'js-yaml', 'commander', 'p-queue']) {
      assert.match(terms, new RegExp(`^${name} \\d[^]*?Permission is hereby granted`, 'm'), name)
    }
  })
})
