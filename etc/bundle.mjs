/**
 * Makes one file of the compiled command line, and beside it the code that V8 made of it in a run that looked at this
 * machine: `dist/lib/cli/steward.cjs` starts from these. `licenses.txt` has the terms of all that the file holds.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, 'dist/lib/cli')
const file = join(folder, 'bundle.cjs')

// V8 tells one text from another by its length alone: code must never be there without the file it was made of.
rmSync(join(folder, 'bundle.code'), { force: true })

/** ssh2 asks for its native parts by paths that no longer hold in another file; where they were not built, it does without. */
const nativeParts = {
  name: 'native parts stay in their packages',
  setup: ({ onResolve }) =>
    onResolve({ filter: /\.node$/ }, ({ path, resolveDir }) => {
      const [, inside] = join(resolveDir, path).split('/node_modules/')
      return { path: inside, external: true }
    }),
}

const { metafile } = await build({
  entryPoints: [join(folder, 'main.js')],
  outfile: file,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  charset: 'ascii',
  legalComments: 'none',
  // a module is found by its package's name, and says where it is by the place of this file: as deep as its own
  external: ['@hpcc-js/wasm-graphviz', 'cpu-features'],
  define: { 'import.meta.url': 'bundleUrl' },
  banner: {
    js: '(function (require, __filename, __dirname) { const module = {}, bundleUrl = require("node:url").pathToFileURL(__filename).href;',
  },
  footer: { js: '})' },
  plugins: [nativeParts],
  metafile: true,
  absWorkingDir: root,
  logLevel: 'warning',
})

const packages = new Set(
  Object.keys(metafile.inputs).flatMap(input => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []),
)
const terms = [...packages].sort().map(name => {
  const { name: title, version, license } = JSON.parse(readFileSync(join(root, name, 'package.json'), 'utf8'))
  const text = readdirSync(join(root, name)).find(one => /^licen[cs]e/i.test(one))
  return `${title} ${version} (${license})\n\n${text === undefined ? '' : readFileSync(join(root, name, text), 'utf8')}`
})
writeFileSync(join(folder, 'licenses.txt'), terms.join(`\n${'-'.repeat(80)}\n\n`))

const state = mkdtempSync(join(tmpdir(), 'steward-bundle-'))
try {
  // It changes nothing, and what it finds does not matter.
  const looking = ['run', '--check', join(root, 'playbooks/start-all.yml'), '-i', join(root, 'inventory/hosts.yml')]
  const { error } = spawnSync(process.execPath, [join(root, 'etc/keep-code.cjs'), ...looking], {
    env: { ...process.env, XDG_STATE_HOME: state },
    stdio: 'ignore',
  })
  if (error !== undefined) throw error
} finally {
  rmSync(state, { recursive: true })
}
