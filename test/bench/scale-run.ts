/**
 * A process of its own: reads an estate from files, plans it or runs it on simulated hosts on which all is as it should
 * be, or restarts it. stdout is the run's own; on stderr is what it took, as JSON.
 */
import * as E from 'fp-ts/lib/Either.js'
import { hidingScreen } from '../../lib/cli/hiding-screen.js'
import { textScreen } from '../../lib/cli/screen.js'
import { expandPlaybook } from '../../lib/decide/expand.js'
import type { HostName } from '../../lib/model/names.js'
import type { Expansion } from '../../lib/model/playbook.js'
import { probeScript } from '../../lib/observe/probe.js'
import { diskFiles } from '../../lib/read/files.js'
import { readInventory } from '../../lib/read/inventory.js'
import { readPlaybook } from '../../lib/read/playbook.js'
import { type SimulatedHost, simulatedHost } from '../../lib/remote/simulated/host.js'
import { simulatedTransport } from '../../lib/remote/simulated.js'
import type { Transport } from '../../lib/remote/transport.js'
import { planLines } from '../../lib/report/plan.js'
import { styleFor } from '../../lib/report/style.js'
import { systemClock } from '../../lib/run/clock.js'
import { openJournal } from '../../lib/run/journal/store.js'
import { requestFor } from '../../lib/run/probe-request.js'
import { planRun, runPlaybook } from '../../lib/run/run.js'
import { virtualClock } from '../helpers/virtual-clock.js'
import { hostNameAt, serviceCount } from './scale-estate.js'

const [what = '', folder = '', size = '0'] = process.argv.slice(2)
const forks = 50
const isRestart = what.startsWith('restart')
// What is waited for in a restart would else be all there is to see.
const clock = isRestart ? virtualClock() : systemClock

const right = <A>(result: E.Either<unknown, A>): A => {
  if (E.isRight(result)) return result.right
  throw new Error(JSON.stringify(result.left).slice(0, 1000))
}

const residentMiB = (): number => process.memoryUsage().rss / 1024 / 1024

const hostWithAll = (i: number): SimulatedHost => {
  const host = simulatedHost(hostNameAt(i), clock)
  for (let s = 0; s < serviceCount; s += 1) {
    const start = () => void host.spawn(['java', `-Dbase=/srv/svc${s}`, 'Main'], { listens: [8000 + s] })
    host.scripts.add(`/etc/init.d/svc${s}`)
    host.commands.set(`/etc/init.d/svc${s} start`, start)
    host.commands.set(`/etc/init.d/svc${s} stop`, () => {
      for (const { pid, args } of [...host.processes.values()])
        if (args.includes(`-Dbase=/srv/svc${s}`)) host.processes.delete(pid)
    })
    start()
  }
  return host
}

const before = residentMiB()
const hosts = Array.from({ length: Number(size) }, (_, i) => hostWithAll(i))
const transport = simulatedTransport(hosts)
const hostsMiB = residentMiB() - before
if (isRestart) await clock.sleep(60_000)

const started = performance.now()
const readCpu = process.cpuUsage()
const expansion = right(
  expandPlaybook(
    right(readPlaybook(diskFiles, `${folder}/${what}.yml`)),
    right(readInventory(diskFiles, `${folder}/hosts`, '/shipped')),
    null,
  ),
)
const readMs = msOf(process.cpuUsage(readCpu))

const runCpu = process.cpuUsage()
if (what === 'plan') {
  const plan = await planRun(expansion, { transport, clock, forks, emit: () => {} })
  console.log(planLines(plan, styleFor(false)).join('\n'))
} else {
  const screen = hidingScreen(textScreen(styleFor(false), null), [])
  const journal = right(
    await openJournal(
      { stateHome: folder, uid: process.getuid?.() ?? null },
      {
        version: '0',
        pid: process.pid,
        resumes: null,
        options: {
          command: 'run',
          playbook: null,
          inventory: [],
          limit: null,
          catalogs: [],
          forks,
          more: {},
          inputs: [],
        },
        secrets: [],
        now: systemClock.now,
      },
    ),
  )
  const exitCode = await runPlaybook(expansion, what, {
    transport,
    clock,
    forks,
    journal,
    emit: fact => screen.show({ ...fact, atMs: clock.now() }),
  })
  screen.close()
  await journal.close()
  if (exitCode !== 0) throw new Error(`the run ended with ${exitCode}`)
}
const runMs = msOf(process.cpuUsage(runCpu))
const wallMs = performance.now() - started
const maxMiB = process.resourceUsage().maxRSS / 1024 - hostsMiB
console.error(JSON.stringify({ readMs, runMs, wallMs, maxMiB, hostsMiB, floorMs: await floorOf(expansion, transport) }))

/** What the simulated hosts take for as many looks as the run has had of them: each is asked and nobody listens. */
async function floorOf({ plays }: Expansion, { connect }: Transport): Promise<number> {
  const first = plays[0]?.desired.filter(({ service }) => service.host === hostNameAt(0)) ?? []
  const text = probeScript('f'.repeat(32), requestFor(first, []))
  const looks = hosts.map(({ ran }) => ran.filter(script => script === 'look').length)
  const cpu = process.cpuUsage()
  for (const [i, { name }] of hosts.entries()) {
    const connection = right(await connect(name as HostName, { _tag: 'Local' })())
    for (let k = 0; k < (looks[i] ?? 0); k += 1)
      await connection.run({ text, deadlineMs: 30_000, maxBytes: 1_000_000 })()
  }
  return msOf(process.cpuUsage(cpu))
}

function msOf({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1000
}
