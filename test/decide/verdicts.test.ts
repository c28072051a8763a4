import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { judge } from '../../lib/decide/judge.js'
import type { HostService } from '../../lib/model/catalog.js'
import type { HostText, Listener, Observation, Process } from '../../lib/model/observation.js'
import { describe } from '../helpers/test.js'
import { daemon, listener, observation, process, service } from './builders.js'

/** Few words, so that what is declared and what runs often meet. */
const word = fc.constantFrom('/bin/a', '/bin/b', '-Dx=1', '-Dx=2', 'start', 'a b')
const exe = fc.constantFrom('/exe/1', '/exe/2')
const port = fc.constantFrom(80, 81)

type Declared = Readonly<{ args: readonly string[]; exe?: string; user?: string; contained?: true; port?: number }>

const declared: fc.Arbitrary<Declared> = fc.record(
  {
    args: fc.array(word, { minLength: 1, maxLength: 2 }),
    exe,
    user: fc.constantFrom('0', '1000'),
    contained: fc.constant(true as const),
    port,
  },
  { requiredKeys: ['args'] },
)

const seen = (pid: number): fc.Arbitrary<Process> =>
  fc
    .record({
      args: fc.array(word, { minLength: 1, maxLength: 4 }),
      exe: fc.option(exe),
      uid: fc.option(fc.constantFrom(0, 1000)),
      contained: fc.boolean(),
      state: fc.constantFrom('S', 'S', 'S', 'Z', 'T'),
      ppid: fc.constantFrom(1, 7, 8, 9),
    })
    .map(({ args, exe, ...rest }) => process(pid, args, { ...rest, exe: exe as HostText | null }))

const world = fc.record({
  declared: fc.array(declared, { minLength: 1, maxLength: 3 }),
  processes: fc.tuple(seen(7), seen(8), seen(9)),
  listeners: fc.array(fc.record({ port, owners: fc.option(fc.subarray([7, 8, 9], { minLength: 1 })) }), {
    maxLength: 3,
  }),
  unsettled: fc.boolean(),
})

type World = typeof world extends fc.Arbitrary<infer A> ? A : never

const serviceOf = ({ declared }: World): HostService =>
  service('app', 'h1', {
    scripts: [],
    processes: declared.map(({ args, ...parts }, i) => daemon(`p${i}`, args, parts)),
  })

const observed = ({ processes, listeners, unsettled }: World): Observation =>
  observation(
    processes,
    listeners.map(({ port, owners }): Listener => listener(port, owners)),
    { unsettled: new Set(unsettled ? ['5/5'] : []) },
  )

/** What a person would say by looking at the two; written without the code under test. */
const isOne = (declared: Declared, one: Process): boolean => {
  const { exe, user } = declared
  return (
    hasArgsOf(declared, one) &&
    (exe === undefined || one.exe === exe) &&
    (user === undefined || one.uid === Number(user))
  )
}

const hasArgsOf = ({ args, contained }: Declared, one: Process): boolean => {
  const line = `\0${one.args.join('\0')}\0`
  return one.state !== 'Z' && one.contained === (contained ?? false) && line.includes(`\0${args.join('\0')}\0`)
}

/** Itself or one above it is one. */
const comesFrom = (declared: Declared, pid: number, processes: readonly Process[], depth = 0): boolean => {
  const one = processes.find(process => process.pid === pid)
  if (one === undefined || depth > 3) return false
  return isOne(declared, one) || comesFrom(declared, one.ppid, processes, depth + 1)
}

describe('any verdict', test => {
  test('is never stopped while a process that fits lives', () =>
    fc.assert(
      fc.property(world, any => {
        const fits = any.declared.some(one => any.processes.some(process => isOne(one, process)))
        return !fits || judge(serviceOf(any), observed(any))._tag !== 'stopped'
      }),
      { numRuns: 3_000 },
    ))

  test('is never that one is missing while a process with its arguments lives that is not another one', () =>
    fc.assert(
      fc.property(world, any => {
        const { _tag, evidence } = judge(serviceOf(any), observed(any))
        if (_tag !== 'stopped' && _tag !== 'degraded') return
        const missing = any.declared.filter((_, i) => evidence.instances[i]?.copies.length === 0)
        for (const one of missing)
          for (const process of any.processes)
            if (hasArgsOf(one, process))
              assert.ok(
                any.declared.some(other => isOne(other, process)),
                `${process.pid}`,
              )
      }),
      { numRuns: 3_000 },
    ))

  test('is never running while a declared port is held by another, or by nobody that can be seen', () =>
    fc.assert(
      fc.property(world, any => {
        if (judge(serviceOf(any), observed(any))._tag !== 'running') return
        for (const one of any.declared) {
          if (one.port === undefined) continue
          const there = any.listeners.filter(({ port }) => port === one.port)
          const owners = there.flatMap(({ owners }) => owners ?? [])
          assert.ok(owners.length > 0, 'somebody is seen to hold it')
          for (const pid of owners) assert.ok(comesFrom(one, pid, any.processes), `pid ${pid}`)
        }
      }),
      { numRuns: 3_000 },
    ))

  test('is never running while one of its processes is not there, and never a guess of what came and went', () =>
    fc.assert(
      fc.property(world, any => {
        const tag = judge(serviceOf(any), observed(any))._tag
        const missing = any.declared.some(one => !any.processes.some(process => isOne(one, process)))
        if (tag === 'running') assert.not(missing)
        if (any.unsettled) assert.ok(tag !== 'stopped' && tag !== 'degraded', tag)
      }),
      { numRuns: 3_000 },
    ))

  test('is reached in these worlds', () => {
    const tags = new Set(
      fc.sample(world, { numRuns: 30_000, seed: 1 }).map(any => judge(serviceOf(any), observed(any))._tag),
    )
    for (const tag of ['stopped', 'running', 'degraded', 'hung', 'duplicate', 'foreign', 'unknown'])
      assert.ok(tags.has(tag as never), tag)
  })
})
