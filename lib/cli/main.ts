#!/usr/bin/env node
/** Where it begins. Who only asks for the version gets it before anything else is loaded. */
import { readFileSync } from 'node:fs'

const [word, ...more] = process.argv.slice(2)
if (more.length === 0 && (word === '--version' || word === '-V')) {
  process.stdout.on('error', () => {}) // whoever asked may have left
  console.log(JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')).version)
} else await import('./start.js')
