import { readFileSync } from 'node:fs'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import * as assert from 'uvu/assert'
import { withPacked } from './helpers/packed.js'
import { projectFolder } from './helpers/steward.js'
import { describe } from './helpers/test.js'

/** As `attw --profile esm-only` has it: no matter how these two resolve it. */
const left = new Set(['node10', 'node16-cjs'])

/** Those of the page on the library. */
const snippets = [...readFileSync(`${projectFolder}docs/library.md`, 'utf8').matchAll(/^```ts\n(.*?)^```$/gms)].map(
  match => match[1] ?? '',
)

const program = `
const { hosts, options } = simulate('one')
const [look] = await observe({ catalogs: 'catalog.yml', inventory: 'one,' }, options)
console.log(hosts.size, look.host, look.unreachable)
`

describe('the package', test => {
  test(
    'works in an empty project, by import and by require, with a command line, and types for each snippet of its page',
    () =>
      withPacked(async ({ tarball, packageFolder, write, call }) => {
        write('catalog.yml', 'services: { web: { hosts: one, processes: { web: { args: [/srv/web] } } } }\n')
        write('import.mjs', `import { observe, simulate } from 'steward'\n${program}`)
        write('require.cjs', `const { observe, simulate } = require('steward')\nvoid (async () => {${program}})()`)
        for (const file of ['import.mjs', 'require.cjs']) {
          const { code, output } = call(process.execPath, file)
          assert.is(code, 0, output)
          assert.match(output, /^2 one null$/m)
        }
        const { output } = call(process.execPath, 'node_modules/steward/dist/lib/cli/steward.cjs', '--version')
        assert.match(output, /^\d+\.\d+\.\d+\n$/)

        const { messages, pkg } = await publint({ pkgDir: packageFolder, pack: false, strict: true })
        assert.equal(
          messages.map(message => formatMessage(message, pkg)),
          [],
        )
        const analysis = await checkPackage(createPackageFromTarballData(readFileSync(tarball)))
        assert.ok(analysis.types !== false, 'it has no types')
        const problems = 'problems' in analysis ? analysis.problems : []
        assert.equal(
          problems.filter(problem => !('resolutionKind' in problem && left.has(problem.resolutionKind))),
          [],
        )

        const files = snippets.map((_, i) => `snippet-${i}.mts`)
        for (const [i, snippet] of snippets.entries()) write(`snippet-${i}.mts`, snippet)
        assert.ok(snippets.length >= 5)
        const checked = call(
          process.execPath,
          `${projectFolder}node_modules/typescript/bin/tsc`,
          ...['--noEmit', '--strict', '--target', 'es2023', '--module', 'nodenext', '--types', 'node'],
          ...['--typeRoots', `${projectFolder}node_modules/@types`, ...files],
        )
        assert.is(checked.code, 0, checked.output)
      }),
    { timeoutMs: 120_000 },
  )
})
