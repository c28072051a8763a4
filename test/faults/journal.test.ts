import { mkdirSync, readdirSync, readFileSync, truncateSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { describe } from '../helpers/test.js'
import { whyNoLab } from '../lab/packages.js'
import { births, type Tools, until, withStubs } from './stubs.js'

const running = { web: 'running' } as const

describe('a run whose journal is on a disk that is full', test => {
  const skip = whyNoLab('hosts')

  test(
    'does nothing where it cannot even be begun',
    () =>
      withStubs({ web: {} }, async tools => {
        const { code, stderr } = await tools.run(running, onSmallDisk(tools, 16))
        assert.is(code, 2, stderr)
        assert.match(stderr, /steward: nothing was done, as the run cannot be written down: .* the disk is full/)
        assert.is(tools.calls('web'), 0)
      }),
    { skip, timeoutMs: 90_000 },
  )

  test(
    'starts nothing that it could not write down first, and says how to go on',
    () =>
      withStubs({ web: { keys: { start: `/etc/init.d/web start # ${'long '.repeat(800)}` } } }, async tools => {
        const { code, stdout } = await tools.run(running, onSmallDisk(tools, 15))
        assert.is(code, 2, stdout)
        assert.match(
          stdout,
          /failed: \[web@one\] nothing was done, as it could not be written down first: .* the disk is full/,
        )
        assert.match(stdout, 'make room, then run this again')
        assert.is(tools.calls('web'), 0)
        assert.is((await tools.run(running)).code, 0)
      }),
    { skip, timeoutMs: 90_000 },
  )

  test(
    'signals nothing that it could not write down first',
    () =>
      withStubs({ web: { keys: { stop: { command: `true # ${'long '.repeat(800)}` } } } }, async tools => {
        await tools.sh('/etc/init.d/web start')
        await until(() => births(tools.log('web')) === 1)
        const { code } = await tools.run({ web: 'stopped' }, onSmallDisk(tools, 15))
        assert.equal([code, tools.calls('web', 'stop'), tools.log('web').length], [2, 0, 1])
      }),
    { skip, timeoutMs: 90_000 },
  )
})

describe('a journal that was cut short', test => {
  test(
    'tells where, and what is not known; its run is taken up all the same',
    () =>
      withStubs({ web: {} }, async tools => {
        await tools.run(running)
        const file = journalOf(tools)
        const lines = readFileSync(file, 'latin1').split('\n')
        const intent = lines.findIndex(line => line.includes('"Intended"'))
        truncateSync(file, lines.slice(0, intent + 1).join('\n').length + 20)
        const shown = await tools.call(['show', 'last']).said
        assert.match(
          shown.stdout,
          `the journal is torn at line ${intent + 2}: it has no end; it holds nothing after that`,
        )
        assert.match(shown.stdout, 'outcome not known: web@one: look with steward status')
        const again = await tools.call(['resume', 'last']).said
        assert.equal([shown.code, again.code, tools.calls('web')], [0, 0, 1], again.stdout + again.stderr)
      }),
    { skip: whyNoLab('hosts'), timeoutMs: 90_000 },
  )
})

/** A file system of 16 pages that nobody else sees, with so many of them taken. */
const onSmallDisk = ({ lab }: Tools, taken: number) => {
  const disk = `${lab.folder}/disk`
  mkdirSync(disk, { recursive: true })
  const script = `mount -t tmpfs -o size=64k none "$0" && head -c ${taken * 4096} /dev/zero >"$0/ballast" && exec "$@"`
  return { enter: ['unshare', '--mount', 'sh', '-c', script, disk], env: { XDG_STATE_HOME: disk } }
}

const journalOf = ({ lab }: Tools): string => {
  const runs = `${lab.folder}/state/steward/runs`
  return `${runs}/${readdirSync(runs)[0]}`
}
