/**
 * Makes one file of the compiled command line, and beside it the code that V8 made of it in a run that looked at this
 * machine: `dist/lib/cli/steward.cjs` starts from these. `licenses.txt` has the terms of all that the file holds.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import ssh2 from 'ssh2'

const here = fileURLToPath(new URL('.', import.meta.url))
const root = join(here, '../..')
const folder = join(root, 'dist/lib/cli')
const file = join(folder, 'bundle.cjs')
const code = join(folder, 'bundle.code')

// V8 tells one text from another by its length alone: code must never be there without the file it was made of.
rmSync(code, { force: true })

/** ssh2 asks for its native parts by paths that no longer hold in another file; where they were not built, it does without. */
const nativeParts = {
  name: 'native parts stay in their packages',
  setup: ({ onResolve }) =>
    onResolve({ filter: /\.node$/ }, ({ path, resolveDir }) => {
      const [, inside] = join(resolveDir, path).split('/node_modules/')
      return { path: inside, external: true }
    }),
}

/** The same code as modules: one file then holds what is used of them, called without a detour. */
const asModules = {
  name: 'fp-ts and io-ts as modules',
  setup: ({ onResolve, resolve }) =>
    onResolve({ filter: /^(fp-ts\/lib\/.*|io-ts)$/ }, ({ path, resolveDir, kind, pluginData }) =>
      pluginData === 'moved'
        ? undefined
        : resolve(path === 'io-ts' ? 'io-ts/es6/index.js' : path.replace('/lib/', '/es6/'), {
            resolveDir,
            kind,
            pluginData: 'moved',
          }),
    ),
}

const { metafile, outputFiles } = await build({
  entryPoints: [join(folder, 'main.js')],
  outfile: file,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  legalComments: 'none',
  // Another native part, which ssh2 does without too.
  external: ['cpu-features'],
  // A module asks where it is by the place of this file, which is as deep as its own.
  define: { 'import.meta.url': 'bundleUrl' },
  banner: {
    js: '(function (require, __filename, __dirname) { const module = {}, bundleUrl = require("node:url").pathToFileURL(__filename).href;',
  },
  footer: { js: '})' },
  plugins: [nativeParts, asModules],
  metafile: true,
  write: false,
  absWorkingDir: root,
  logLevel: 'warning',
})

// Read as latin1 it takes half the memory; in a template with a tag esbuild leaves letters as they are.
const [{ text }] = outputFiles
writeFileSync(
  file,
  text.replace(/[^\0-\x7f]/g, letter => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`),
)

const packages = new Set(
  Object.keys(metafile.inputs).flatMap(input => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []),
)
const terms = [...packages].sort().map(name => {
  const { name: title, version, license } = JSON.parse(readFileSync(join(root, name, 'package.json'), 'utf8'))
  const named = readdirSync(join(root, name)).find(one => /^licen[cs]e/i.test(one))
  return `${title} ${version} (${license})\n\n${named === undefined ? '' : readFileSync(join(root, name, named), 'utf8')}`
})
writeFileSync(join(folder, 'licenses.txt'), terms.join(`\n${'-'.repeat(80)}\n\n`))

// A run that looks at this machine over SSH; it changes nothing, and what it finds does not matter.
const home = mkdtempSync(join(tmpdir(), 'steward-bundle-'))
try {
  const [hostKey, userKey] = ['host', 'user'].map(name => {
    const { private: key, public: shown } = ssh2.utils.generateKeyPairSync('ed25519')
    writeFileSync(join(home, name), key, { mode: 0o600 })
    return { file: join(home, name), shown }
  })
  writeFileSync(join(home, 'known_hosts'), `stand-in ${hostKey.shown}\n`)
  const standIn = [process.execPath, join(here, 'stand-in-host.mjs'), hostKey.file, userKey.file]
  const options = [`UserKnownHostsFile=${join(home, 'known_hosts')}`, `ProxyCommand=${standIn.join(' ')}`]
  const variables = {
    ansible_connection: 'ssh',
    ansible_host: 'stand-in',
    ansible_user: 'you',
    ansible_ssh_private_key_file: userKey.file,
    ansible_ssh_common_args: options.map(option => `-o '${option}'`).join(' '),
  }
  const run = ['run', '--check', join(root, 'playbooks/start-all.yml'), '-i', join(root, 'inventory/hosts.yml')]
  const { stderr } = spawnSync(
    process.execPath,
    [join(here, 'keep-code.cjs'), ...run, '-e', JSON.stringify(variables)],
    { env: { PATH: process.env.PATH, HOME: home }, stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' },
  )
  if (!existsSync(code)) throw new Error(`no code was kept: ${stderr}`)
} finally {
  rmSync(home, { recursive: true })
}
