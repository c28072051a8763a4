import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { projectFolder } from './helpers/steward.js'
import { describe } from './helpers/test.js'

const slow = { timeoutMs: 120_000 }

describe('the project', test => {
  test('is formatted and linted', () => assert.is(tool('biome', ['ci', '--error-on-warnings', '.']).code, 0), slow)

  test(
    'lets no room import what it may not',
    () => {
      const { code, output } = tool('depcruise', ['lib', '--config', '.dependency-cruiser.cjs', '--output-type', 'err'])
      assert.is(code, 0, output)
      const seen = Number(/(\d+) modules/.exec(output)?.[1] ?? 0)
      assert.ok(seen > 50, `a check that saw ${seen} modules has checked nothing`)
    },
    slow,
  )

  test(
    'holds nothing that nobody uses',
    () => {
      const { code, output } = tool('knip', [])
      assert.is(code, 0, output)
    },
    slow,
  )

  test(
    'has the API that its report in etc/ says (npm run api writes it anew)',
    () => {
      const { code, output } = tool('api-extractor', ['run', '--config', 'etc/api-extractor.json'])
      assert.is(code, 0, output)
    },
    slow,
  )

  test(
    'documents all that other programs may use (npm run docs:api writes the pages)',
    () => {
      // Of what the compiler has made of the sources already, which takes a third of the time.
      const { code, output } = tool('typedoc', ['--options', 'etc/typedoc-check.json'])
      assert.is(code, 0, output)
    },
    slow,
  )

  test('locks its dependencies without naming a registry', () => {
    const lock = readFileSync(`${projectFolder}package-lock.json`, 'utf8')
    assert.not.match(lock, /"resolved": "http/)
    assert.not.match(lock, /registry\./)
  })
})

const tool = (name: string, args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(`${projectFolder}node_modules/.bin/${name}`, args, {
    cwd: projectFolder,
    encoding: 'utf8',
  })
  return { code: status, output: stdout + stderr }
}
