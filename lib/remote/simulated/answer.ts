/** A script, told by its text from the others that are sent to hosts, and what a simulated host answers to it. */
import type { Script } from '../transport.js'
import { commandsIn, framed, section, unquote } from './frame.js'
import type { ScriptKind, SimulatedHost } from './host.js'
import { tablesOf, ticksOf } from './tables.js'

/** `answer` runs it and gives its whole stdout. */
export const answerOf = (host: SimulatedHost, script: Script): Readonly<{ kind: ScriptKind; answer: () => string }> => {
  const nonces = [...script.text.matchAll(/steward-([0-9a-f]{32})/g)].map(match => match[1] ?? '')
  const [first = ''] = nonces
  const last = nonces.at(-1) ?? ''
  if (script.dialogue !== undefined) return { kind: 'launch', answer: () => launch(host, script, first, last) }
  if (script.text.includes('prove()')) return { kind: 'signal', answer: () => signal(host, script, first) }
  if (script.text.includes('section hook sh')) return { kind: 'hook', answer: () => hook(host, script, first) }
  if (script.text.includes('section tail')) return { kind: 'logs', answer: () => logTails(host, first, script.text) }
  return { kind: 'look', answer: () => look(host, first, script.text) }
}

const look = (host: SimulatedHost, nonce: string, text: string): string => {
  host.ran.push('look')
  return tablesOf(host, nonce, text)
}

const launch = (host: SimulatedHost, script: Script, lookNonce: string, nonce: string): string => {
  const seen = `${tablesOf(host, lookNonce, script.text)}${script.dialogue?.question ?? ''}\n`
  if (script.dialogue?.answer(seen).trim() !== `steward-${nonce} go`) return seen
  const lines = commandsIn(script.text)
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
  return seen + framed(nonce, sections)
}

/** An `unless` that is a known command says that there is nothing to do. */
const hook = (host: SimulatedHost, script: Script, nonce: string): string => {
  const lines = commandsIn(script.text)
  const [unless, command = ''] = lines.length > 1 ? lines : [undefined, lines[0]]
  const isDone = unless !== undefined && host.commands.has(unless)
  const sections = [section(nonce, 'unless', isDone ? 0 : 1, '')]
  if (!isDone) {
    host.ran.push(command)
    const effect = host.commands.get(command)
    effect?.(host)
    sections.push(section(nonce, 'hook', effect === undefined ? 127 : 0, effect === undefined ? 'not found\n' : ''))
  }
  return framed(nonce, sections)
}

const logTails = (host: SimulatedHost, nonce: string, text: string): string => {
  host.ran.push('logs')
  const ends = new Map([...text.matchAll(/start_of (\S+) \S+ (\d+) /g)].map(match => [match[1], Number(match[2])]))
  const files = [...text.matchAll(/^if \[ ! -e (\S+) \]; then ended 66$/gm)].map(([, file = '']) =>
    host.files.get(unquote(file))?.slice(ends.get(file) ?? 0),
  )
  return framed(
    nonce,
    files.map(content => section(nonce, 'tail', content === undefined ? 66 : 0, content ?? '')),
  )
}

const signal = (host: SimulatedHost, script: Script, nonce: string): string => {
  const proofs = [...script.text.matchAll(/^prove (\d+) (\d+) .*$/gm)].map(
    match => [Number(match[1]), Number(match[2])] as const,
  )
  const name = /kill -([A-Z]+) /.exec(script.text)?.[1] ?? ''
  const sections = proofs.map(([pid, ticks]) => {
    const process = host.processes.get(pid)
    if (process === undefined) return section(nonce, 'signal', 1, '')
    if (ticksOf(process) !== ticks) return section(nonce, 'signal', 2, '')
    host.ran.push(`${name} ${pid}`)
    if (name === 'KILL' || !host.ignoresTerm) host.processes.delete(pid)
    return section(nonce, 'signal', 0, '')
  })
  return framed(nonce, sections)
}
