/** What one look costs a host with many processes and sockets, and what reading it costs here. */
import { setTimeout as delay } from 'node:timers/promises'
import type { HostName } from '../../lib/model/names.js'
import { readObservation } from '../../lib/observe/observation.js'
import { bareRequest, type ProbeRequest, probeScript } from '../../lib/observe/probe.js'
import type { LabHost } from '../lab/host.js'
import { upLab } from '../lab/lab.js'
import { figureLine } from './figures.js'

const herdSize = 2_000
const runs = 15
const nonce = 'f'.repeat(32)

/** Each process listens on a socket of its own; all end with their parent. */
const herd = `
use IO::Socket::INET; my @pids;
for (1..${herdSize}) { my $pid = fork; if (!$pid) { my $s = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 5) or die; sleep 600; exit } push @pids, $pid }
open F, '>', '/run/herd'; print F "ready\\n"; close F; sleep 600; kill 'KILL', @pids;`

export const benchLook = async (): Promise<void> => {
  const lab = await upLab(['big'])
  try {
    const host = lab.hosts.get('big')
    if (host === undefined) return
    await host.exec(['sh', '-c', 'setsid perl -e "$1" </dev/null >/dev/null 2>&1 &', 'sh', herd])
    while ((await host.exec(['test', '-e', '/run/herd'])).code !== 0) await delay(100)

    const cpu: Record<'look' | 'links' | 'floor', number[]> = { look: [], links: [], floor: [] }
    const wall: number[] = []
    const parse: number[] = []
    let output = ''
    for (let i = 0; i <= runs; i += 1) {
      const look = await cpuOf(host, probeScript(nonce, bareRequest))
      const links = await cpuOf(host, probeScript(nonce, { ...bareRequest, links: true }))
      const floor = await cpuOf(host, '{ ps -A -ww -o pid,ppid,uid,stat,etime,args; ss -lntp; }')
      output = look.output
      const began = process.cpuUsage()
      const read = readObservation('big' as HostName, nonce, bareRequest, output, 0)
      const { user, system } = process.cpuUsage(began)
      const took = (user + system) / 1000
      if (read._tag === 'Left') throw new Error(read.left)
      if (i === 0) continue // caches and the compiler warm up
      cpu.look.push(look.ms)
      cpu.links.push(links.ms)
      cpu.floor.push(floor.ms)
      wall.push(look.wallMs)
      parse.push(took)
    }
    console.log(`one look at a host with ${herdSize} processes and ${herdSize} sockets (${output.length} bytes)`)
    const lines = [
      { name: "host's CPU for one look", unit: 'ms', values: cpu.look },
      { name: 'the same with the program and folder of each process', unit: 'ms', values: cpu.links },
      { name: 'ps and ss alone, in the same run', unit: 'ms', values: cpu.floor },
      {
        name: 'ratio of a look to ps and ss, by pairs',
        unit: '',
        values: cpu.look.map((ms, k) => ms / (cpu.floor[k] ?? 1)),
      },
      { name: 'wall time of one look on the host', unit: 'ms', values: wall },
      { name: 'CPU for reading it here', unit: 'ms', values: parse },
    ]
    for (const line of lines) console.log(figureLine(line))
    console.log(`forks of one look: ${await forksOf(host, bareRequest)}`)
  } finally {
    await lab.down()
  }
}

type Cost = Readonly<{ ms: number; wallMs: number; output: string }>

/** User and system time of the shell and all it calls, as bash counts them (getrusage). */
const cpuOf = async (host: LabHost, script: string): Promise<Cost> => {
  const timed = `TIMEFORMAT='%3U %3S %3R'; time /bin/sh -c 'cat >/run/script; exec /bin/sh </run/script'`
  const { stdout, stderr } = await host.exec(['bash', '-c', timed], { stdin: `${script}\n` })
  const [user = 0, system = 0, real = 0] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number)
  return { ms: (user + system) * 1000, wallMs: real * 1000, output: stdout }
}

/** By the newest pid before and after (proc(5), loadavg); the shell itself is one of them. */
const forksOf = async (host: LabHost, request: ProbeRequest): Promise<number> => {
  const newest = 'read -r a b c d last </proc/loadavg'
  const script = `${newest}; first=$last\n${probeScript(nonce, request).replace(/exit 0\n}\n$/, '}')}\n${newest}; echo "forks $((last - first))"`
  const { stdout } = await host.exec(['sh'], { stdin: script })
  return Number(/^forks (\d+)$/m.exec(stdout)?.[1])
}
