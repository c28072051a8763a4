/** Controllers that are killed at any moment of a run over three hosts, and what must be so afterwards. */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import type { JournalText } from '../../lib/model/journal.js'
import { readRecords } from '../../lib/run/journal/record.js'
import { type Random, type Soaking, soak } from '../helpers/random.js'
import { projectFolder, type Said } from '../helpers/steward.js'
import { births, type State, type Stubs, type Tools, withStubs } from './stubs.js'

/** Where the killed ones had come to, by the last record of their journals. */
export type Kills = Record<string, number>

const names = ['one', 'two', 'three'] as const
const services = ['km', 'app', 'web'] as const
const everything = (state: State) => ({ km: state, app: state, web: state })

/** Each requires the one before, on the host before. */
const stubs: Stubs = {
  km: { hosts: 'one' },
  app: { hosts: 'two', keys: { requires: 'km' } },
  web: { hosts: 'three', port: 8001, keys: { requires: 'app' } },
}

/** Kills that many, at moments drawn from the seed; one more run or a resume brings the estate home. */
export const killControllers = async (soaking: Soaking): Promise<Kills> => {
  const kills: Kills = {}
  await withThree(async tools => {
    const began = performance.now()
    await tools.run(everything('running'))
    const usualMs = performance.now() - began
    // Not much is done while Node itself starts.
    const moment = (random: Random): number =>
      random(10) === 0 ? random(usualMs) : usualMs * 0.3 + random(usualMs * 0.8)
    await soak(soaking, random => killOne(tools, random, kills, child => killAfter(moment(random), child)))
  })
  return kills
}

/** Kills one before and one after each sync of the journal, every `step`-th of them, until there is none left. */
export const killAtJournalBoundaries = async (step = 1): Promise<Kills> => {
  const kills: Kills = {}
  await withThree(async tools => {
    for (let at = 1; ; at += step) {
      for (const when of ['before', 'after']) {
        const env = {
          NODE_OPTIONS: `--import=${projectFolder}test/faults/die-at.mjs`,
          STEWARD_DIES_AT: `${when} ${at}`,
        }
        if (
          !(await killOne(
            tools,
            () => at % 2,
            kills,
            async () => {},
            env,
          ))
        )
          return
      }
    }
  })
  return kills
}

const withThree = (use: (tools: Tools) => Promise<void>): Promise<void> => withStubs(stubs, use, names)

type Kill = (child: { kill: (signal: NodeJS.Signals) => void }) => Promise<void>

const killAfter = async (ms: number, child: Parameters<Kill>[0]): Promise<void> => {
  await delay(ms)
  child.kill('SIGKILL')
}

/** Was it killed? It may have been faster. */
const killOne = async (
  tools: Tools,
  random: Random,
  kills: Kills,
  kill: Kill,
  env: Readonly<Record<string, string>> = {},
): Promise<boolean> => {
  await forget(tools)
  const child = tools.begin(everything('running'), { env })
  await kill(child)
  const killed = await child.said
  const left = newestJournal(tools)
  const where = left?.records.at(-1)?._tag ?? 'nothing written'
  if (killed.code === null) kills[where] = (kills[where] ?? 0) + 1
  assertNothingLost(killed, left, tools)
  // A run that had written nothing, or was done, is nothing to take up.
  const isResumed = killed.code === null && left?.records[0] !== undefined && where !== 'RunClosed' && random(2) === 0
  const again = isResumed ? await tools.call(['resume', 'last']).said : await tools.run(everything('running'))
  await assertHome(again, tools, `${isResumed ? 'resumed' : 'run again'}, killed at ${where}\n${killed.stdout}\n`)
  return killed.code === null
}

const newestJournal = ({ lab }: Tools): JournalText | null => {
  const runs = `${lab.folder}/state/steward/runs`
  const name = existsSync(runs) ? readdirSync(runs).sort().at(-1) : undefined
  return name === undefined ? null : readRecords(readFileSync(`${runs}/${name}`, 'latin1'))
}

/** What was seen to happen was written down before. */
const assertNothingLost = ({ stdout }: Said, journal: JournalText | null, { calls }: Tools): void => {
  const what = JSON.stringify(journal)
  assert.is.not(journal?.tail._tag, 'Damaged', what)
  const intended = journal?.records.flatMap(record => (record._tag === 'Intended' ? [record.id] : [])) ?? []
  for (const [i, service] of services.entries()) {
    const name = names[i] ?? ''
    if (calls(service, 'start', name) > 0) assert.ok(intended.includes(`${service}@${name}` as never), what)
    if (stdout.includes(`changed: [${service}@`)) assert.is(calls(service, 'start', name), 1, what)
  }
}

/** All run, each was started once by whichever run, and nobody is in the way of the next one. */
const assertHome = async (again: Said, tools: Tools, what: string): Promise<void> => {
  const said = what + again.stdout + again.stderr
  assert.is(again.code, 0, again.code === 0 ? said : said + (await stateOf(tools)))
  for (const [i, service] of services.entries()) {
    const name = names[i] ?? ''
    assert.equal([tools.calls(service, 'start', name), births(tools.log(service, name))], [1, 1], `${service}: ${said}`)
  }
  const locks = await Promise.all(names.map(name => tools.sh('ls /root/.steward/*/', name)))
  // A lock of the dead one may be left where the second run had nothing to do; it is taken over when there is.
  assert.ok(
    locks.every(files => files === '' || files === 'lock'),
    locks.join(),
  )
}

/** Who lives on each host, and whose lock is there. */
const stateOf = async ({ sh }: Tools): Promise<string> => {
  const script = 'cat /root/.steward/*/*; ps -A -o pid,ppid,stat,wchan:20,etime,args; ss -tnp'
  const states = names.map(async name => `\n${name}:\n${await sh(script, name)}`)
  return (await Promise.all(states)).join('')
}

/** Back to where nothing runs and nothing was ever called; the locks stay. */
const forget = async ({ sh, lab }: Tools): Promise<void> => {
  rmSync(`${lab.folder}/state`, { recursive: true, force: true })
  const script =
    'pkill -KILL -f "^perl /opt/stubd"; while pgrep -f "^perl /opt/stubd"; do sleep 0.01; done; rm -f /var/log/stub/*'
  await Promise.all(names.map(name => sh(script, name)))
}
