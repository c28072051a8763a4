import * as assert from 'uvu/assert'
import type { Section } from '../../lib/model/frame.js'
import type { HostName } from '../../lib/model/names.js'
import type { Process, Seen } from '../../lib/model/observation.js'
import { readObservation } from '../../lib/observe/observation.js'
import { bareRequest } from '../../lib/observe/probe.js'
import { describe } from '../helpers/test.js'
import { framed } from '../model/frames.js'
import { capture } from './captures.js'
import { leftOf, rightOf } from './either.js'
import { seenBy } from './looks.js'

describe('an observation', test => {
  test('tells a process as /proc has it', () => {
    const { bootId, login, takenAtMs } = observe({})
    assert.equal({ bootId, login, takenAtMs }, { bootId: 'b-1', login: { uid: 0 }, takenAtMs: 7 })
    assert.equal(processIn({}, 17), {
      pid: 17,
      ppid: 1,
      state: 'S',
      uid: 1000,
      contained: false,
      isKernel: false,
      startTicks: 512539,
      ageSeconds: 5,
      startedAt: null,
      exe: null,
      cwd: null,
      args: ['perl', 'Bootstrap', 'two words', '', 'new\nline'],
      argsFrom: 'cmdline',
    })
    assert.is(seenBy(observe({}).processes), '/proc')
  })

  test('tells what each runs, and where, if it was asked for', () => {
    const line = (link: string, target: string) => `lrwxrwxrwx 1 0 0 0 Nov 24 23:10 /proc/17/${link} -> ${target}\n`
    const { exe, cwd } = processIn({ links: line('exe', '/usr/bin/perl') + line('cwd', '/srv') }, 17) ?? {}
    assert.equal({ exe, cwd }, { exe: '/usr/bin/perl', cwd: '/srv' })
  })

  test('tells no age where start times and the uptime are counted from different moments', () => {
    const ageIn = (host: string) => processIn({ host: `uid 0\n${host}` }, 17)?.ageSeconds
    assert.is(ageIn('shell 12\nuptime 5130.39\n'), 5)
    assert.is(ageIn('shell 99\nuptime 5125.1\n'), 0)
    assert.is(ageIn('shell 99\nuptime 5100\n'), null)
    assert.is(ageIn('shell 20\nuptime 5124\n'), null)
    assert.is(ageIn('shell 10\nuptime 5124.2\n'), 0)
    assert.is(ageIn(''), null)
  })

  test('leaves out the shell that looked and all that it had called', () => {
    assert.equal(pidsIn({ host: 'uid 0\nshell 12\nuptime 9\n' }), [1, 10, 15, 17, 20, 22, 23])
    assert.equal(
      pidsIn({ ps: capture('ps-procps'), stat: '', cmdline: '', host: 'uid 0\nshell 12\n' }).includes(14),
      false,
    )
  })

  test('counts a process that began after the start times were read, by its arguments', () => {
    const late = processIn({ stat: capture('stat').replace(/^\/proc\/17\/.*\n/m, '') }, 17)
    assert.equal([late?.ppid, late?.uid, late?.startTicks, late?.args[0]], [1, 1000, null, 'perl'])
  })

  test('says which processes became others while it was looked', () => {
    const without17 = capture('cmdline').replaceAll(/\/proc\/17\/cmdline:[^\0]*\0/g, '')
    assert.equal([...observe({ cmdline: without17 }).unsettled], ['17/512539'])
    assert.equal([...observe({}).unsettled], [])
  })

  test('leaves out what has ended, which is a doubt only where newcomers cannot be looked for', () => {
    const status = capture('status').replaceAll(/\/proc\/17\/.*\n/g, '')
    assert.is(processIn({ status }, 17), undefined)
    assert.equal([...observe({ status }).unsettled], [])
    assert.equal([...observe({ status, newcomers: failed(2) }).unsettled], ['17/512539'])
  })

  test('knows newcomers by their arguments and states', () => {
    const status = '/proc/30/status:Name:\tx\nState:\tS (s)\nPPid:\t17\nUid:\t5\t5\t5\t5\nNSpid:\t30\n'
    const late = processIn({ newcomers: `/proc/30/cmdline:late\0/proc/30/cmdline:x\0${status}\0` }, 30)
    assert.equal([late?.args, late?.ppid, late?.uid, late?.startTicks], [['late', 'x'], 17, 5, null])
  })

  test('takes the arguments of one that is seen again as they were last, not twice', () => {
    const again = processIn({ newcomers: '/proc/17/cmdline:other\0/proc/17/cmdline:x\0' }, 17)
    assert.equal(again?.args, ['other', 'x'])
  })

  test('has a doubt about a newcomer that lives and has no arguments yet, and none about one that has ended', () => {
    const newcomer = (state: string) =>
      observe({ newcomers: `/proc/30/status:Name:\tx\nState:\t${state}\nPPid:\t17\nUid:\t5\t5\t5\t5\n\0` })
    assert.equal([...newcomer('R (running)').unsettled], ['30/'])
    assert.equal([...newcomer('Z (zombie)').unsettled], [])
  })

  test('takes who has no memory any more for one that has ended, where memory is told', () => {
    const newcomer = (memory: string) => ({
      newcomers: `/proc/30/status:Name:\tx\nState:\tR (running)\nPPid:\t17\nUid:\t5\t5\t5\t5\n${memory}\0`,
    })
    const status = `${capture('status')}/proc/23/status:VmSize:\t8 kB\n`
    assert.equal([...observe({ ...newcomer(''), status }).unsettled], [])
    assert.is(processIn({ ...newcomer(''), status }, 30), undefined)
    assert.equal([...observe({ ...newcomer('VmSize:\t8 kB\n'), status }).unsettled], ['30/'])
    assert.equal([...observe(newcomer('')).unsettled], ['30/'])
  })

  test('takes a newcomer that is not found again for one that has ended, and one that is for what it is then', () => {
    const status = '/proc/30/status:Name:\tx\nState:\tR (running)\nPPid:\t17\nUid:\t5\t5\t5\t5\n\0'
    const rounds = (...bodies: readonly string[]) => observe({ newcomers: bodies })
    assert.equal([...rounds(status, '', '').unsettled], [])
    assert.equal([...rounds(status, status, '').unsettled], ['30/'])
    const late = processIn({ newcomers: [status, `/proc/30/cmdline:late\0${status}`] }, 30)
    assert.equal(late?.args, ['late'])
  })

  test('keeps a newcomer that has ended for a dead one where nobody was searched for after it', () => {
    const found =
      '/proc/30/cmdline:late\0/proc/30/status:Name:\tx\nState:\tR (running)\nPPid:\t17\nUid:\t5\t5\t5\t5\n\0'
    const stateAfter = (...newcomers: readonly Printed[]) => processIn({ newcomers }, 30)?.state
    assert.is(stateAfter(found, '', ''), undefined)
    assert.is(stateAfter('', found, '', ''), undefined)
    assert.is(stateAfter('', '', found, '', ''), 'X')
    assert.is(stateAfter(found, ''), 'X')
    assert.is(stateAfter('', '', '', found, ''), 'X')
    assert.is(stateAfter(found, failed(3)), 'R')
    assert.is(stateAfter(found, '', failed(3)), 'X')
  })

  test('has no doubt about one that ended while it was looked at, and calls it a zombie', () => {
    const status = capture('status').replace('/proc/17/status:State:\tS', '/proc/17/status:State:\tZ')
    const cmdline = capture('cmdline').replaceAll(/\/proc\/17\/cmdline:[^\0]*\0/g, '')
    assert.equal([...observe({ status, cmdline }).unsettled], [])
    assert.is(processIn({ status, cmdline }, 17)?.state, 'Z')
  })

  test('does without /proc: arguments as ps joins them, and its start as ps shows it', () => {
    const { args, argsFrom, startTicks, startedAt } =
      processIn({ ps: capture('ps-lstart'), stat: '', cmdline: '' }, 7) ?? {}
    assert.equal(args, ['/opt/my', 'server', 'sk.pl', 'b'])
    assert.equal([argsFrom, startTicks, startedAt], ['ps', null, 'Tue Nov 24 23:28:31 2026'])
  })

  test('does with a grep that cannot show arguments: they are from ps', () => {
    const { args, argsFrom, startTicks } = processIn({ cmdline: failed(2), ps: capture('ps-procps') }, 20) ?? {}
    assert.equal(
      { args, argsFrom, startTicks },
      { args: ['x)', 'R', '1', 'Bootstrap', '@127.0.0.1,99'], argsFrom: 'ps', startTicks: 512549 },
    )
  })

  test('does not believe a grep that broke off, whatever it had printed', () => {
    const ps = capture('ps-procps')
    const broken = (name: 'stat' | 'cmdline') => ({ ps, [name]: { code: 137, body: capture(name).slice(0, 400) } })
    assert.equal(pidsIn(broken('stat')), [1, 10, 12, 14, 15, 17, 20, 22, 23, 26])
    assert.is(processIn(broken('cmdline'), 20)?.argsFrom, 'ps')
  })

  test('believes a grep that missed processes which had ended', () =>
    assert.is(processIn({ cmdline: { code: 2, body: capture('cmdline') } }, 17)?.argsFrom, 'cmdline'))

  test('is without processes when neither ps nor grep can show arguments', () =>
    assert.match(whyUnseen(observe({ ps: failed(1), cmdline: failed(2) }).processes), 'ps failed or is not there'))

  test('is without processes when ps printed something else and there is no /proc', () =>
    assert.match(whyUnseen(observe({ ps: 'out of memory\n', stat: '', cmdline: '' }).processes), '"out of memory"'))

  test('is without processes when the login is not shown those of others', () =>
    assert.match(whyUnseen(observe({ stat: capture('stat').replace(/^\/proc\/1\/.*\n/m, '') }).processes), 'hidepid'))

  test('takes the sockets of the first tool that succeeded', () => {
    const both = [sockets('ss', failed(1)), sockets('netstat', capture('netstat'))]
    assert.is(seenBy(observe({ sockets: both }).listeners), 'netstat')
    assert.is(seenBy(observe({ sockets: [sockets('proc', capture('tcp'))] }).listeners), '/proc/net/tcp')
  })

  test('is without sockets when no tool succeeded, and says what became of each', () => {
    const both = [sockets('ss', failed(1)), sockets('netstat', failed(126))]
    assert.is(whyUnseen(observe({ sockets: both }).listeners), 'ss ended with 1, netstat ended with 126')
    assert.match(whyUnseen(observe({ sockets: [] }).listeners), 'neither ss nor netstat')
  })

  test('is without sockets when the tool printed something else', () =>
    assert.match(whyUnseen(observe({ sockets: [sockets('ss', 'bash: ss: not found\n')] }).listeners), 'not found'))

  test('is without sockets when the tools printed nothing, not even a header', () => {
    const both = [sockets('ss', ''), sockets('proc', '\n')]
    assert.is(whyUnseen(observe({ sockets: both }).listeners), 'ss printed nothing, /proc/net/tcp printed nothing')
  })

  test('tells a file that is missing from one that cannot be read', () => {
    const { files } = observe({ files: [{ code: 0, body: 'a\n\nb' }, failed(66), failed(1)] })
    assert.equal(files.get('/f0'), { _tag: 'Seen', by: 'cat', value: ['a', '', 'b'] })
    assert.match(JSON.stringify(files.get('/f1')), 'no such file')
    assert.match(JSON.stringify(files.get('/f2')), 'cannot be read')
  })

  test('is refused whole when the host does not say who is logged in', () => {
    for (const host of ['uid \n', 'uid\n', 'boot b-1\n', ''])
      assert.match(leftOf(reading({ host })), 'id -u failed', JSON.stringify(host))
  })

  test('is refused whole when it is about other files than were asked for', () =>
    assert.match(
      leftOf(readObservation(host, nonce, { ...bareRequest, files: ['/f'] }, framed(nonce, sectionsOf({})), 7)),
      'files',
    ))

  test('is refused whole when it is cut', () =>
    assert.match(
      leftOf(readObservation(host, nonce, bareRequest, framed(nonce, sectionsOf({})).slice(0, -2), 7)),
      'cut short',
    ))
})

const host = 'h' as HostName
const nonce = 'f00'

type Printed = string | Readonly<{ code: number; body: string }>
type Look = Readonly<{
  host?: Printed
  ps?: Printed
  status?: Printed
  /** One for each time they were looked for. */
  newcomers?: Printed | readonly Printed[]
  links?: Printed
  cmdline?: Printed
  stat?: Printed
  sockets?: readonly Section[]
  files?: readonly Printed[]
}>

const failed = (code: number) => ({ code, body: '' })

const section = (name: string, tool: string, printed: Printed): Section =>
  typeof printed === 'string' ? { name, tool, code: 0, body: printed } : { name, tool, ...printed }

const sockets = (tool: string, printed: Printed): Section => section('sockets', tool, printed)

/** The captures, which are all of one moment, but for what a test gives. */
const sectionsOf = (look: Look): readonly Section[] => [
  section('host', 'sh', look.host ?? 'uid 0\nshell 99\nboot b-1\nuptime 5130.39\n'),
  section('stat', 'grep', look.stat ?? capture('stat')),
  section('cmdline', 'grep', look.cmdline ?? capture('cmdline')),
  ...[look.newcomers ?? ''].flat().map(round => section('newcomers', 'grep', round)),
  ...(look.ps === undefined ? [] : [section('ps', 'ps', look.ps)]),
  section('status', 'grep', look.status ?? capture('status')),
  ...(look.links === undefined ? [] : [section('links', 'ls', look.links)]),
  ...(look.sockets ?? [sockets('ss', capture('ss'))]),
  ...(look.files ?? []).map(file => section('file', 'cat', file)),
  section('scripts', 'sh', ''),
]

const reading = (look: Look) => {
  const files = (look.files ?? []).map((_, i) => `/f${i}`)
  return readObservation(host, nonce, { ...bareRequest, files }, framed(nonce, sectionsOf(look)), 7)
}

const observe = (look: Look) => rightOf(reading(look))

const processIn = (look: Look, pid: number): Process | undefined => {
  const { processes } = observe(look)
  return processes._tag === 'Seen' ? processes.value.find(process => process.pid === pid) : undefined
}

const pidsIn = (look: Look): readonly number[] => {
  const { processes } = observe(look)
  return processes._tag === 'Seen' ? processes.value.map(({ pid }) => pid) : []
}

const whyUnseen = (seen: Seen<unknown>): string => (seen._tag === 'Unseen' ? seen.why : 'seen')
