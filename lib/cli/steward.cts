#!/usr/bin/env node
/**
 * Where it begins: the whole program as one file, and beside it the code that V8 made of it, as the build writes both.
 * To find, read and compile some 340 modules takes many times as long. Code of another V8 is refused by V8 itself, which
 * then compiles the file.
 */
import fs = require('node:fs')
import nodeModule = require('node:module')
import path = require('node:path')
import vm = require('node:vm')

const file = path.join(__dirname, 'bundle.cjs')
const code = path.join(__dirname, 'bundle.code')

const program = new vm.Script(fs.readFileSync(file, 'latin1'), {
  filename: file,
  ...(fs.existsSync(code) ? { cachedData: fs.readFileSync(code) } : {}),
})
program.runInThisContext()(nodeModule.createRequire(file), file, __dirname)
