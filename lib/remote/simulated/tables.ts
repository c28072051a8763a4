/** What a simulated host shows to a look. */
import { framed, section, unquote } from './frame.js'
import type { SimulatedHost, SimulatedProcess } from './host.js'

/** All that a look prints, as `text` asks for it. */
export const tablesOf = (host: SimulatedHost, nonce: string, text: string): string => {
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

const unitSections = ({ units }: SimulatedHost, nonce: string, text: string): readonly string[] => {
  const asked = /^if has timeout; then .*FragmentPath (.*?) 2>/m.exec(text)?.[1]?.split(' ') ?? []
  if (units === null || asked.length === 0) return []
  const blocks = asked.map(unit => {
    const [active = 'inactive', sub = 'dead'] = units.get(unit)?.split(' ') ?? []
    return `LoadState=loaded\nActiveState=${active}\nSubState=${sub}\nSourcePath=/etc/init.d/${unit.replace('.service', '')}\nFragmentPath=/run/systemd/generator.late/${unit}\n`
  })
  return [section(nonce, 'units', 0, blocks.join('\n'), 'systemctl')]
}

/** Files only grow here, and keep their inode. */
const logEnd = ({ files }: SimulatedHost, nonce: string, file: string): string =>
  section(nonce, 'logend', 0, files.has(file) ? `1 ${files.get(file)?.length} 7 7\n` : '')

const logLine = ({ files }: SimulatedHost, nonce: string, words: string): string => {
  const [file = '', line = '', , bytes = '0'] = [...words.matchAll(/'(?:[^']|'\\'')*'|\S+/g)].map(([word]) =>
    unquote(word),
  )
  const text = files.get(file)
  if (text === undefined) return section(nonce, 'check', 66, '')
  const since = text.slice(Number(bytes))
  return section(nonce, 'check', since.includes(line) ? 0 : 1, `${since.length}\n`)
}

/** A check over HTTP is known by its URL. */
const checked = (host: SimulatedHost, nonce: string, command: string): string => {
  const { code, body } = host.check(/ (http:\S+)\)\n/.exec(command)?.[1] ?? command)
  return section(nonce, 'check', code, body)
}

const someTicks = 1000

/** Centiseconds since a boot that was a little before 1970. */
export const ticksOf = ({ bornMs }: SimulatedProcess): number => someTicks + Math.round(bornMs / 10)
