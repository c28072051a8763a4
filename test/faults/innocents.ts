/** Services that are stopped among processes that a stale pid file names, or that call themselves what they like. */
import * as assert from 'uvu/assert'
import { pick, type Random, type Soaking, soak } from '../helpers/random.js'
import { changedBy } from '../helpers/steward.js'
import { assertUnharmed, startCanaries } from './canaries.js'
import { births, type Stubs, stopping, type Tools, until, withStubs } from './stubs.js'

type Result = { innocents: number; stopped: number }

const batch = 10
const names = Array.from({ length: batch }, (_, i) => `s${i}`)

/** Without a script, so that the signals of a stop are ours alone. */
const stubs: Stubs = Object.fromEntries(
  names.map((name, i) => [
    name,
    { port: 9000 + i, keys: { script: undefined, ...stopping('2s', 'TERM', '5s', 'KILL') } },
  ]),
)

/** `runs` pid files, each of which names an innocent; its service runs or not. */
export const misleadByPidFiles = (soaking: Soaking): Promise<Result> =>
  among(soaking, (name, random) => ({ line: pick(twinsOf(name), random), hasPidFile: true, mayRun: random(2) === 0 }))

/** `runs` innocents whose names are spoofed, each beside the service that it means. */
export const misleadByNames = (soaking: Soaking): Promise<Result> =>
  among(soaking, (name, random) => ({ line: pick(spoofsOf(name, random), random), hasPidFile: false, mayRun: true }))

type Innocent = Readonly<{ line: string; hasPidFile: boolean; mayRun: boolean }>

const among = async (
  { seed, runs }: Soaking,
  innocentOf: (name: string, random: Random) => Innocent,
): Promise<Result> => {
  const result = { innocents: 0, stopped: 0 }
  await withStubs(stubs, tools =>
    soak({ seed, runs: Math.ceil(runs / batch) }, async random => {
      const innocents = names.map(name => innocentOf(name, random))
      result.stopped += await stopAmong(tools, innocents)
      result.innocents += innocents.length
    }),
  )
  // To refuse everything would harm nobody, too.
  if (runs >= 5 * batch) assert.ok(result.stopped > runs / 5, `${result.stopped} stopped`)
  return result
}

const stopAmong = async (tools: Tools, innocents: readonly Innocent[]): Promise<number> => {
  const { sh, run, log, pids } = tools
  await sh('rm -f /var/log/stub/* /run/s*.pid')
  const victims = names.filter((_, i) => innocents[i]?.mayRun)
  const spawns = victims.map(
    name => `setsid perl /opt/stubd ${name} port=${9000 + names.indexOf(name)} </dev/null >/dev/null 2>&1 &`,
  )
  await sh(spawns.join('\n'))
  const canaries = await startCanaries(
    tools,
    innocents.map(({ line }) => line),
  )
  const files = canaries.map(({ pid }, i) => (innocents[i]?.hasPidFile ? `echo ${pid} >/run/${names[i]}.pid` : ':'))
  await sh(files.join('\n'))
  const held = async () => (await sh('netstat -tln')).split('\n').filter(line => / \S+:90\d\d /.test(line)).length
  await until(async () => victims.every(name => births(log(name)) === 1) && (await held()) >= victims.length)
  const said = await run(Object.fromEntries(names.map(name => [name, 'stopped'] as const)))
  const what = said.stdout + said.stderr
  await assertUnharmed(tools, canaries, what)
  const isBlind = said.code !== 0
  if (isBlind) assertNothingDone(tools, what)
  else
    assert.equal(
      changedBy(said),
      victims.map(name => `${name}@one`),
      what,
    )
  const left = (await Promise.all(names.map(name => pids(name)))).flat()
  await sh(`kill -KILL ${[...left, ...canaries.map(({ pid }) => pid)].join(' ')}`)
  const spared = left.filter(pid => !canaries.some(one => one.pid === pid))
  assert.is(spared.length, isBlind ? victims.length : 0, what)
  return victims.length - spared.length
}

/** A name may make a table unreadable: then nothing is known, and nothing is done. */
const assertNothingDone = ({ log }: Tools, what: string): void => {
  assert.match(what, 'nothing is done on a guess')
  assert.equal(
    names.flatMap(name => log(name)).filter(line => !line.endsWith(' born')),
    [],
    what,
  )
}

/** Other services, by names and arguments that begin or end as the service's own do. */
const twinsOf = (name: string): readonly string[] => [
  `perl /opt/stubd ${name}0`,
  `perl /opt/stubd x${name}`,
  `perl -w /opt/stubd ${name}.old port=`,
  `perl /opt/stubd ${name}-editor file=/opt/${name}`,
]

/** All of it in one argument, so that only a reader that glues or splits arguments takes it for the service. */
const spoofsOf = (name: string, random: Random): readonly string[] => [
  ...[
    // Rarely: ss prints a newline of a name as it is, and then its whole table is not believed.
    random(8) === 0 ? `perl\n/opt/stubd\n${name}` : `${name} ${name}`,
    `perl /opt/stubd ${name}`,
    `/opt/stubd ${name}`,
    `${name}`,
    `perl /opt/stubd ${name} port=${9000 + random(batch)}`,
    `x) S 1 1 1 0 (perl`,
    `x",pid=${2 + random(200)},fd=3)`,
    `\u001b[2Kperl /opt/stubd ${name}`,
    `[kworker/0:1]`,
  ].map(title => `env TITLE='${title}' perl /opt/stubd other port=${9100 + random(800)}`),
  ...twinsOf(name),
]
