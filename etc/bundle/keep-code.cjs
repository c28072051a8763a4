/** Runs the bundled program with the arguments given, and keeps the code V8 has made of it by its end. */
const { readFileSync, writeFileSync } = require('node:fs')
const { createRequire } = require('node:module')
const { dirname, join } = require('node:path')
const vm = require('node:vm')

const file = join(__dirname, '../../dist/lib/cli/bundle.cjs')
const program = new vm.Script(readFileSync(file, 'latin1'), {
  filename: file,
})
process.on('exit', () => writeFileSync(join(file, '../bundle.code'), program.createCachedData()))
program.runInThisContext()(createRequire(file), file, dirname(file))
