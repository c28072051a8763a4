/** A pid that passes from a victim to an innocent between the look and the signal. */
import * as assert from 'uvu/assert'
import { readSignals, type SignalResult, signalScript } from '../../lib/act/signal.js'
import { pick, type Random, type Soaking, soak } from '../helpers/random.js'
import { rightOf } from '../observe/either.js'
import { lookAt, processesIn } from '../observe/looks.js'
import type { Run } from '../observe/shells.js'
import { askTicks, assertUnharmed } from './canaries.js'
import { type Tools, until, withStubs } from './stubs.js'

/** How often the pid had passed to an innocent, and how often it had not and the victim was signalled. */
type Result = { refused: number; sent: number }

export const reusePids = async (soaking: Soaking): Promise<Result> => {
  const result = { refused: 0, sent: 0 }
  await withStubs({}, tools =>
    soak(soaking, async random => {
      if (await reuseOne(tools, random)) result.refused += 1
      else result.sent += 1
    }),
  )
  return result
}

/** From a perfect twin to a stranger of another user. */
const innocents = [
  'perl /opt/stubd victim',
  'perl /opt/stubd victim again=1',
  'perl /opt/stubd victim2',
  'setpriv --reuid=65534 --clear-groups perl /opt/stubd victim',
  'perl -w /opt/stubd other',
] as const

const reuseOne = async (tools: Tools, random: Random): Promise<boolean> => {
  const { sh, host, log } = tools
  const run: Run = async ({ text }) => host().exec(['sh'], { stdin: text })
  await sh('rm -f /var/log/stub/*; : >/var/log/stub/canary; chmod 666 /var/log/stub/canary')
  const pid = Number(await sh('setsid perl /opt/stubd victim </dev/null >/dev/null 2>&1 & echo $!'))
  await until(() => log('victim').length === 1)
  const seen = await lookAt({ links: true }, run)
  const process = processesIn(seen).find(one => one.pid === pid)
  assert.ok(process !== undefined, `no process ${pid} was seen`)
  const target = { process, args: random(4) === 0 ? [] : ['/opt/stubd', 'victim'] }
  const passes = random(8) > 0
  if (passes) await pass(tools, pid, pick(innocents, random))
  const ticks = await sh(askTicks(pid))
  const name = pick(['TERM', 'KILL', 'INT'], random)
  const { stdout } = await run({ text: signalScript('f00', name, seen.bootId, [target]), deadlineMs: 0, maxBytes: 0 })
  const [outcome] = rightOf(readSignals('f00', [target], stdout)) as readonly SignalResult[]
  assert.is(outcome?.outcome, passes ? 'another' : 'sent')
  if (passes) await assertUnharmed(tools, [{ pid, ticks, line: 'innocent' }])
  else await until(async () => (await sh(`ls -d /proc/${pid}`)) === '')
  await sh(`kill -KILL ${pid}`)
  return passes
}

const pass = async ({ sh, log }: Tools, pid: number, line: string): Promise<void> => {
  const got = await sh(`${passPid(`${pid}`, line)}\necho $got`)
  assert.is(got, `${pid}`, 'the pid was not to be had')
  await until(() => log('canary').includes(`${pid} born`))
}

/**
 * Shell text that kills a process and starts a canary with its pid, `$got`. The next pid is the one after ns_last_pid
 * (pid_namespaces(7)), if that is free: the kernel may be a moment late to let go of it.
 */
export const passPid = (pid: string, line: string): string => `kill -KILL ${pid}
while [ -e /proc/${pid} ]; do sleep 0.01; done
for try in 1 2 3 4 5 6 7 8 9; do
  echo $((${pid} - 1)) >/proc/sys/kernel/ns_last_pid
  CANARY=1 setsid ${line} </dev/null >/dev/null 2>&1 &
  got=$!
  [ $got != ${pid} ] || break
  kill -KILL $got
  sleep 0.01
done`
