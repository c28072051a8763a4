/** Two controllers that have both planned the same start, and begin it at the same moment. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { type Soaking, soak } from '../helpers/random.js'
import { changedBy, type Said } from '../helpers/steward.js'
import { births, type Tools, withStubs } from './stubs.js'

type Result = Readonly<{ waited: number; gaveUp: number }>

/** In every race one start, by one of them; the other waits and finds it running, or gives up with 75 if told to. */
export const raceControllers = async (soaking: Soaking): Promise<Result> => {
  const result = { waited: 0, gaveUp: 0 }
  await withStubs(
    { web: { port: 8001, keys: { before: { start: { command: meet, on: 'controller' } } } } },
    async tools => {
      await soak(soaking, async random => {
        const place = `${tools.lab.folder}/meeting`
        rmSync(place, { recursive: true, force: true })
        mkdirSync(place)
        for (const who of ['first', 'second']) writeFileSync(`${place}-${who}`, `0.0${random(10)}`)
        const waits = random(2) === 0
        const race = { env: { MEETING: place }, args: waits ? [] : ['--lock-timeout', '0'] }
        await forget(tools)
        const both = [tools.begin({ web: 'running' }, race), tools.begin({ web: 'running' }, race)]
        const ended = await Promise.all(both.map(({ said }) => said))
        assertOneStart(ended, waits, tools)
        if (waits) result.waited += 1
        else result.gaveUp += 1
      })
    },
  )
  return result
}

/** Both have planned by then. */
const meet = `mkdir $MEETING/first 2>/dev/null && who=first || { who=second; mkdir $MEETING/second; }
until [ -d $MEETING/second ]; do sleep 0.01; done; sleep $(cat $MEETING-$who)`.replaceAll('\n', '; ')

const assertOneStart = (ended: readonly Said[], waits: boolean, { calls, log }: Tools): void => {
  const all = ended.map(({ code, stdout, stderr }) => `exit ${code}\n${stdout}${stderr}`).join('\n')
  assert.equal([calls('web'), births(log('web'))], [1, 1], all)
  const winners = ended.filter(said => changedBy(said).length === 1)
  assert.equal(
    winners.map(({ code }) => code),
    [0],
    all,
  )
  const other = ended.find(said => !winners.includes(said))
  assert.is(other?.code, waits ? 0 : 75, all)
  if (!waits) assert.match(other?.stdout ?? '', "the host's lock is held by run ", all)
}

/** Back to where nothing runs and nothing was ever called. */
const forget = async ({ sh }: Tools): Promise<void> => {
  await sh(
    'pkill -KILL -f "^perl /opt/stubd"; while pgrep -f "^perl /opt/stubd"; do sleep 0.01; done; rm -f /var/log/stub/*',
  )
}
