import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import { diskFiles } from '../../lib/read/files.js'
import { describe } from '../helpers/test.js'

describe('a file', test => {
  test('is text, and a byte order mark is no part of it', () =>
    inFolder(folder => {
      assert.equal(readBytes(folder, '\uFEFFa: ä\n'), E.right('a: ä\n'))
    }))

  test('is refused where it is not UTF-8', () =>
    inFolder(folder => {
      assert.equal(readBytes(folder, Buffer.from([0x61, 0xff])), E.left('it is not UTF-8 text'))
      assert.equal(readBytes(folder, Buffer.from('\uFEFFa: 1', 'utf16le')), E.left('it is not UTF-8 text'))
    }))

  test('may have comments that are not UTF-8, where comments are told', () =>
    inFolder(folder => {
      writeFileSync(`${folder}/file`, Buffer.from('# f\xfcr\nh=\u00e4\n', 'latin1'))
      assert.equal(diskFiles.read(`${folder}/file`, '#;'), E.left('it is not UTF-8 text'))
      writeFileSync(`${folder}/file`, Buffer.concat([Buffer.from('# f\xfcr\n', 'latin1'), Buffer.from('h=\u00e4\n')]))
      assert.equal(diskFiles.read(`${folder}/file`, '#;'), E.right('\nh=\u00e4\n'))
      assert.equal(diskFiles.read(`${folder}/file`), E.left('it is not UTF-8 text'))
    }))

  test('is said to be missing, also below a file', () =>
    inFolder(folder => {
      assert.equal(diskFiles.read(`${folder}/none`), E.left('there is no such file'))
      readBytes(folder, '')
      assert.equal(diskFiles.read(`${folder}/file/none`), E.left('there is no such file'))
    }))

  test('is not a folder', () => inFolder(folder => assert.equal(diskFiles.read(folder), E.left('it is a folder'))))

  test('is read up to a limit, whatever size it says it has', () =>
    inFolder(folder => {
      const tooLarge = E.left('it is larger than the 32 MiB that are read')
      assert.equal(readBytes(folder, Buffer.alloc(50 * 1024 * 1024, '#')), tooLarge)
      assert.equal(diskFiles.read('/dev/zero'), tooLarge)
    }))

  test('may be a pipe', () => {
    const script = `import { diskFiles } from '${new URL('../../lib/read/files.js', import.meta.url).href}'
        console.log(diskFiles.read('/dev/stdin').right)`
    const piped = ['-c', 'printf "a: 1" | "$0" --input-type=module -e "$1"', process.execPath, script]
    const said = execFileSync('sh', piped)
    assert.is(said.toString(), 'a: 1\n')
  })

  test('is looked for beside the one that names it', () => {
    assert.is(diskFiles.beside('books/start.yml', 'catalog/a.yml'), 'books/catalog/a.yml')
    assert.is(diskFiles.beside('books/start.yml', '../a.yml'), 'a.yml')
    assert.is(diskFiles.beside('books/start.yml', '/etc/a.yml'), '/etc/a.yml')
  })
})

describe('a folder', test => {
  test('gives its YAML files by name, and none where it is not there', () =>
    inFolder(folder => {
      for (const name of ['b.yml', 'a.yaml', 'c.txt', '.d.yml.swp']) writeFileSync(`${folder}/${name}`, '')
      mkdirSync(`${folder}/e`)
      assert.equal(diskFiles.yamlFilesIn(folder), [`${folder}/a.yaml`, `${folder}/b.yml`])
      assert.equal(diskFiles.yamlFilesIn(`${folder}/none`), [])
    }))
})

const readBytes = (folder: string, bytes: string | Buffer) => {
  writeFileSync(`${folder}/file`, bytes)
  return diskFiles.read(`${folder}/file`)
}

const inFolder = (use: (folder: string) => void): void => {
  const folder = mkdtempSync(`${tmpdir()}/steward-`)
  try {
    use(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
