import { spawn, spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, rmSync } from 'node:fs'
import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { parseLinks } from '../../lib/observe/proc-links.js'
import { inFolder } from '../helpers/folder.js'
import { describe } from '../helpers/test.js'
import { capture } from './captures.js'
import { isRunning, until } from './processes.js'

describe('ls over /proc/PID/exe and cwd', test => {
  test('tells the program, also one that was replaced since, and the folder unless it was removed', () => {
    const links = parseLinks(capture('links'), true)
    assert.equal(links.get(4), { exe: '/usr/bin/perl', cwd: '/srv/app' })
    assert.equal(links.get(39), { exe: '/srv/app/sl ep', cwd: '/srv/app/d é' })
    assert.equal(links.get(35), { exe: null, cwd: null })
  })

  test('gives any path back as it is', () => {
    assert.is(exeOf('/a\\ b\\n\\\\c\\303\\251\\001'), '/a b\n\\cé\u0001')
    assert.is(exeOf('/a\\qb'), null)
    assert.is(exeOf('(unreachable)/a'), null)
  })

  test('is not believed at all with a line of another form, or a link that comes twice', () => {
    for (const odd of ['x\n', 'lrwxrwxrwx 1 0 0 0 2026-11-24 23:10 /proc/9/exe -> /x\n', link('/x')])
      assert.is(parseLinks(`${link('/x')}${odd}`, true).size, 0, odd)
  })

  test('of this machine tells the truth, whatever a folder and a program are called', () =>
    inFolder(async folder => {
      const cwd = `${folder}/a b\n/proc/1/exe -> \\x`
      mkdirSync(cwd, { recursive: true })
      copyFileSync('/bin/sleep', `${cwd}/sl ep`)
      const child = spawn('./sl ep', ['60'], { cwd, stdio: 'ignore' })
      const pid = child.pid ?? 0
      try {
        await until(() => isRunning(pid))
        rmSync(`${cwd}/sl ep`)
        const { stdout } = spawnSync('ls', ['-lnb', `/proc/${pid}/exe`, `/proc/${pid}/cwd`], { encoding: 'utf8' })
        assert.equal(parseLinks(stdout, true).get(pid), { exe: `${cwd}/sl ep`, cwd })
      } finally {
        child.kill('SIGKILL')
      }
    }))

  test('never throws on any text', () =>
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => void parseLinks(link(`/${text}`), true))))
})

const link = (target: string): string => `lrwxrwxrwx 1 0 0 0 Nov 24 23:10 /proc/9/exe -> ${target}\n`

const exeOf = (target: string): string | null | undefined => parseLinks(link(target), true).get(9)?.exe
