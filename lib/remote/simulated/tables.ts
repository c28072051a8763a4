/**
 * Hosts in memory behind the transport's interface: they read the very scripts that real hosts get, answer in the same
 * frames, and do on a command what the test says it does.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { RemoteError } from '../../lib/model/remote-error.js'
import type { Script, ScriptOutput, Transport } from '../../lib/remote/transport.js'
import type { Clock } from '../../lib/run/clock.js'

type ScriptedProcess = {
  pid: number
  ppid: number
  args: readonly string[]
  bornMs: number
  listens: readonly number[]
  opensMs: number
  state: string
}

export type ScriptedHost = {
  readonly name: string
  readonly processes: Map<number, ScriptedProcess>
  readonly files: Map<string, string>
  readonly scripts: Set<string>
  /** What a command does to the host; one that is not here does nothing and ends with 127. */
  readonly commands: Map<string, (host: ScriptedHost) => void>
  /** What systemd takes units for, as in `active exited`; null where there is no systemd. */
  units: ReadonlyMap<string, string> | null
  /** What a check that is asked by a tool comes to, by its command or its URL. */
  check: (asked: string) => Readonly<{ code: number; body: string }>
  /** What TERM and KILL do besides ending a process: nothing, if true, for TERM. */
  ignoresTerm: boolean
  /** Every script it ran: `look`, or the commands that were launched and the signals that were sent. */
  readonly ran: string[]
  /** Set: every connection fails with it. */
  down: RemoteError | null
  /** Called with each script before it is answered; a value is the answer instead. */
  fault: ((kind: string) => RemoteError | null) | null
  readonly clock: Clock
  spawn: (
    args: readonly string[],
    options?: { listens?: readonly number[]; opensAfterMs?: number; ppid?: number },
  ) => number
}

const someTicks = 1000

export const scriptedHost = (name: string, clock: Clock): ScriptedHost => {
  let nextPid = 100
  const processes = new Map<number, ScriptedProcess>()
  return {
    name,
    processes,
    files: new Map(),
    scripts: new Set(),
    commands: new Map(),
    units: null,
    check: () => ({ code: 127, body: '' }),
    ignoresTerm: false,
    ran: [],
    down: null,
    fault: null,
    clock,
    spawn: (args, { listens = [], opensAfterMs = 0, ppid = 1 } = {}) => {
      nextPid += 1
      const bornMs = clock.now()
      processes.set(nextPid, { pid: nextPid, ppid, args, bornMs, listens, opensMs: bornMs + opensAfterMs, state: 'S' })
      return nextPid
    },
  }
}

export const scriptedTransport = (hosts: readonly ScriptedHost[]): Transport => ({
  connect: name => async () => {
    const host = hosts.find(one => one.name === name)
    if (host === undefined) return E.left({ _tag: 'Unreachable', why: `there is no host ${name}` })
    if (host.down !== null) return E.left(host.down)
    return E.right({ run: script => async () => answer(host, script), close: async () => {} })
  },
})

const answer = (host: ScriptedHost, script: Script): E.Either<RemoteError, ScriptOutput> => {
  const nonces = [...script.text.matchAll(/steward-([0-9a-f]{32})/g)].map(match => match[1] ?? '')
  const [first = ''] = nonces
  const last = nonces.at(-1) ?? ''
  if (script.dialogue !== undefined) return launch(host, script, first, last)
  if (script.text.includes('prove()')) return signal(host, script, first)
  if (script.text.includes('section hook sh')) return hook(host, script, first)
  if (script.text.includes('section tail')) return logTails(host, first, script.text)
  host.ran.push('look')
  const fault = host.fault?.('look') ?? null
  return fault === null ? done(look(host, first, script.text)) : E.left(fault)
}

const launch = (
  host: ScriptedHost,
  script: Script,
  lookNonce: string,
  nonce: string,
): E.Either<RemoteError, ScriptOutput> => {
  const seen = `${look(host, lookNonce, script.text)}${script.dialogue?.question ?? ''}\n`
  if (script.dialogue?.answer(seen).trim() !== `steward-${nonce} go`) return done(seen)
  const lines = [...script.text.matchAll(/^run ('(?:[^']|'\\'')*'|\S+)$/gm)].map(match => unquote(match[1] ?? ''))
  const sections = lines.map(command => {
    host.ran.push(command)
    const effect = host.commands.get(command)
    effect?.(host)
    return section(
      nonce,
      'launch',
      effect === undefined ? 127 : 0,
      effect === undefined ? 'not found\n' : 'Starting.\n',
    )
  })
  const fault = host.fault?.('launch') ?? null
  return fault === null ? done(seen + framed(nonce, sections)) : E.left(fault)
}

/** An `unless` that is a known command says that there is nothing to do. */
const hook = (host: ScriptedHost, script: Script, nonce: string): E.Either<RemoteError, ScriptOutput> => {
  const lines = [...script.text.matchAll(/^run ('(?:[^']|'\\'')*'|\S+)$/gm)].map(match => unquote(match[1] ?? ''))
  const [unless, command = ''] = lines.length > 1 ? lines : [undefined, lines[0]]
  const isDone = unless !== undefined && host.commands.has(unless)
  const sections = [section(nonce, 'unless', isDone ? 0 : 1, '')]
  if (!isDone) {
    host.ran.push(command)
    const effect = host.commands.get(command)
    effect?.(host)
    sections.push(section(nonce, 'hook', effect === undefined ? 127 : 0, effect === undefined ? 'not found\n' : ''))
  }
  return done(framed(nonce, sections))
}

const logTails = (host: ScriptedHost, nonce: string, text: string): E.Either<RemoteError, ScriptOutput> => {
  host.ran.push('logs')
  const files = [...text.matchAll(/^if \[ ! -e (\S+) \]; then ended 66$/gm)].map(match =>
    host.files.get(unquote(match[1] ?? '')),
  )
  return done(
    framed(
      nonce,
      files.map(content => section(nonce, 'tail', content === undefined ? 66 : 0, content ?? '')),
    ),
  )
}

const signal = (host: ScriptedHost, script: Script, nonce: string): E.Either<RemoteError, ScriptOutput> => {
  const proofs = [...script.text.matchAll(/^prove (\d+) (\d+) .*$/gm)].map(
    match => [Number(match[1]), Number(match[2])] as const,
  )
  const name = /kill -([A-Z]+) /.exec(script.text)?.[1] ?? ''
  const fault = host.fault?.('signal') ?? null
  if (fault !== null) return E.left(fault)
  const sections = proofs.map(([pid, ticks]) => {
    const process = host.processes.get(pid)
    if (process === undefined) return section(nonce, 'signal', 1, '')
    if (ticksOf(process) !== ticks) return section(nonce, 'signal', 2, '')
    host.ran.push(`${name} ${pid}`)
    if (name === 'KILL' || !host.ignoresTerm) host.processes.delete(pid)
    return section(nonce, 'signal', 0, '')
  })
  return done(framed(nonce, sections))
}

const look = (host: ScriptedHost, nonce: string, text: string): string => {
  const nowMs = host.clock.now()
  const all = [...host.processes.values()]
  const stat = all.map(one => {
    const fields = [one.state, one.ppid, ...Array<number>(17).fill(0), ticksOf(one), 0, 0]
    return `/proc/${one.pid}/stat:${one.pid} (x) ${fields.join(' ')}\n`
  })
  const status = all.map(
    one =>
      `/proc/${one.pid}/status:State:\t${one.state} (x)\n/proc/${one.pid}/status:PPid:\t${one.ppid}\n/proc/${one.pid}/status:Uid:\t0\t0\t0\t0\n`,
  )
  const cmdline = all.flatMap(one => one.args.map(arg => `/proc/${one.pid}/cmdline:${arg}\0`))
  const sockets = all
    .filter(one => one.opensMs <= nowMs)
    .flatMap(one => one.listens.map(port => `LISTEN 0 5 *:${port} *:* users:(("x",pid=${one.pid},fd=3))\n`))
  const files = [...text.matchAll(/if \[ ! -f (\S+) \]; then ended 66/g)].map(match =>
    host.files.get(unquote(match[1] ?? '')),
  )
  const scripts = [...text.matchAll(/if \[ ! -e (\S+) \]; then echo missing/g)].map(match =>
    host.scripts.has(unquote(match[1] ?? '')) ? 'executable\n' : 'missing\n',
  )
  return framed(nonce, [
    section(nonce, 'host', 0, `uid 0\nshell 2\nboot boot-1\nuptime ${(nowMs / 1000 + someTicks / 100).toFixed(2)}\n`),
    section(
      nonce,
      'status',
      0,
      `/proc/1/status:State:\tS (x)\n/proc/1/status:PPid:\t0\n/proc/1/status:Uid:\t0\t0\t0\t0\n${status.join('')}`,
    ),
    section(nonce, 'newcomers', 0, ''),
    section(nonce, 'cmdline', 0, `/proc/1/cmdline:init\0${cmdline.join('')}`),
    section(
      nonce,
      'stat',
      0,
      `/proc/1/stat:1 (init) S 0 ${Array<number>(17).fill(0).join(' ')} 1 0 0\n${stat.join('')}`,
    ),
    section(nonce, 'sockets', 0, `State Recv-Q Send-Q Local Address:Port Peer Address:Port\n${sockets.join('')}`, 'ss'),
    ...files.map(content => section(nonce, 'file', content === undefined ? 66 : 0, content ?? '')),
    section(nonce, 'scripts', 0, scripts.join('')),
    ...unitSections(host, nonce, text),
    ...[...text.matchAll(/^if .*; then end_of (\S+);/gm)].map(match => logEnd(host, nonce, unquote(match[1] ?? ''))),
    ...[...text.matchAll(/^section check sh\n(?:run ('(?:[^']|'\\'')*'|\S+) "\$limit"|has_line (.*))$/gm)].map(match =>
      match[1] === undefined ? logLine(host, nonce, match[2] ?? '') : checked(host, nonce, unquote(match[1])),
    ),
  ])
}

const unitSections = ({ units }: ScriptedHost, nonce: string, text: string): readonly string[] => {
  const asked = /^if has timeout; then .*FragmentPath (.*?) 2>/m.exec(text)?.[1]?.split(' ') ?? []
  if (units === null || asked.length === 0) return []
  const blocks = asked.map(unit => {
    const [active = 'inactive', sub = 'dead'] = units.get(unit)?.split(' ') ?? []
    return `LoadState=loaded\nActiveState=${active}\nSubState=${sub}\nSourcePath=/etc/init.d/${unit.replace('.service', '')}\nFragmentPath=/run/systemd/generator.late/${unit}\n`
  })
  return [section(nonce, 'units', 0, blocks.join('\n'), 'systemctl')]
}

/** Files only grow here, and keep their inode. */
const logEnd = ({ files }: ScriptedHost, nonce: string, file: string): string =>
  section(nonce, 'logend', 0, files.has(file) ? `1 ${files.get(file)?.length} 7 7\n` : '')

const logLine = ({ files }: ScriptedHost, nonce: string, words: string): string => {
  const [file = '', line = '', , bytes = '0'] = [...words.matchAll(/'(?:[^']|'\\'')*'|\S+/g)].map(([word]) =>
    unquote(word),
  )
  const text = files.get(file)
  if (text === undefined) return section(nonce, 'check', 66, '')
  const since = text.slice(Number(bytes))
  return section(nonce, 'check', since.includes(line) ? 0 : 1, `${since.length}\n`)
}

/** A check over HTTP is known by its URL. */
const checked = (host: ScriptedHost, nonce: string, command: string): string => {
  const { code, body } = host.check(/ (http:\S+)\)\n/.exec(command)?.[1] ?? command)
  return section(nonce, 'check', code, body)
}

/** Centiseconds since a boot that was a little before 1970. */
const ticksOf = ({ bornMs }: ScriptedProcess): number => someTicks + Math.round(bornMs / 10)

const section = (nonce: string, name: string, code: number, body: string, tool = 'sh'): string =>
  `\nsteward-${nonce} open ${name} ${tool}\n${body}\nsteward-${nonce} close ${code}\n`

const framed = (nonce: string, sections: readonly string[]): string =>
  `\nsteward-${nonce} begin\n${sections.join('')}\nsteward-${nonce} end\n`

const done = (stdout: string): E.Either<RemoteError, ScriptOutput> => E.right({ stdout, stderr: '', code: 0 })

const unquote = (word: string): string => (word.startsWith("'") ? word.slice(1, -1).replaceAll("'\\''", "'") : word)
