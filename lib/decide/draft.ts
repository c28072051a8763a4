/** Drafts catalog entries for what listens on a host: only what would be judged as running right now. */
import type { HostService } from '../model/catalog.js'
import type { Draft, DraftProcess, DraftResult, DraftWay } from '../model/draft.js'
import { parseListenAddress, showListenAddress } from '../model/listen-address.js'
import type { Listener, Observation, Origins, Process } from '../model/observation.js'
import { processInWords } from '../model/words.js'
import { copiesOf } from './copies.js'
import { judge } from './judge.js'
import { isAlive } from './recognise.js'
import { tellingArgs } from './telling-args.js'

export const draftServices = (observation: Observation): DraftResult => {
  const { processes, listeners, origins } = observation
  if (processes._tag === 'Unseen') return { drafts: [], leftOut: [`there is no process table: ${processes.why}`] }
  if (listeners._tag === 'Unseen') return { drafts: [], leftOut: [`there is no list of sockets: ${listeners.why}`] }
  const leftOut = hiddenPorts(listeners.value)
  const drafts: Draft[] = []
  for (const family of listeningFamilies(processes.value.filter(isAlive), listeners.value)) {
    const draft = draftOf(family, observation, origins)
    if (draft === null) leftOut.push(`${processInWords(family.leader)} listens, and could not be told from others`)
    else drafts.push(draft)
  }
  return { drafts, leftOut }
}

const hiddenPorts = (listeners: readonly Listener[]): string[] => {
  const hidden = listeners.filter(({ owners }) => owners === null).map(({ port }) => port)
  return [...new Set(hidden)].map(port => `port ${port} is open, and by whom could not be seen`)
}

type Family = Readonly<{ leader: Process; sockets: readonly Listener[] }>

/** Processes that share their sockets or come from one another are one daemon; the eldest that listens stands for it. */
const listeningFamilies = (processes: readonly Process[], listeners: readonly Listener[]): readonly Family[] => {
  const owners = new Set(listeners.flatMap(({ owners }) => owners ?? []))
  const listening = processes.filter(({ pid, contained }) => owners.has(pid) && !contained)
  return copiesOf(listening, listeners).map(copy => {
    const pids = new Set(copy.map(({ pid }) => pid))
    return { leader: copy[0], sockets: listeners.filter(({ owners }) => owners?.some(pid => pids.has(pid)) ?? false) }
  })
}

/** Null where it cannot be recognised for certain. */
const draftOf = ({ leader, sockets }: Family, observation: Observation, origins: Origins | null): Draft | null => {
  const name = nameOf(leader)
  const user = leader.uid === null ? null : (origins?.userNames.get(leader.uid) ?? String(leader.uid))
  const way = wayOf(leader, name, origins)
  const listens = [...new Set(sockets.map(addressOf))].sort()
  for (const { args, exe } of tellingArgs(leader)) {
    const process: DraftProcess = { name, args, exe, user: plainUser(user), listens }
    const draft: Draft = {
      name,
      hosts: [observation.host],
      processes: [process],
      way,
      guesses: guessesOn(way, process),
    }
    if (isRunning(draft, leader, observation)) return draft
  }
  return null
}

const addressOf = ({ address, port }: Listener): string =>
  showListenAddress({ address: address === '*' ? null : address, port })

const plainUser = (user: string | null): string | null =>
  user !== null && /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(user) ? user : null

/** Judged as the catalog would be, on what was seen: it has to be this process, and only this. */
const isRunning = (draft: Draft, leader: Process, observation: Observation): boolean => {
  const users = new Map(draft.processes.flatMap(({ user }) => (user === null ? [] : [[user, leader.uid] as const])))
  const verdict = judge(asService(draft, observation), { ...observation, users })
  const pids = verdict.evidence.instances.flatMap(({ copies }) => copies.flat().map(({ pid }) => pid))
  return verdict._tag === 'running' && pids.includes(leader.pid)
}

const asService = (draft: Draft, { host }: Observation): HostService => {
  const at = { file: 'draft', line: 1, column: 1 }
  const plain = (text: string) => ({ parts: [text], at })
  const orNull = (text: string | null) => (text === null ? null : plain(text))
  return {
    host,
    name: draft.name as HostService['name'],
    at,
    requires: [],
    requiresHere: [],
    scripts: [],
    become: null,
    maxUnavailable: null,
    rollback: [],
    start: null,
    stop: { command: null, withinMs: 0, escalation: [] },
    ready: { withinMs: 0, stableMs: 0, checks: [] },
    logs: [],
    onDuplicate: 'fail',
    onHung: 'fail',
    places: { hasReady: false, stable: null, stopWithin: null, escalation: [], requires: [] },
    hooks: { beforeStart: [], afterStart: [], beforeStop: [], afterStop: [] },
    processes: draft.processes.map(process => ({
      name: process.name as HostService['processes'][number]['name'],
      at,
      args: process.args.map(plain),
      globs: [],
      patterns: [],
      exe: orNull(process.exe),
      cwd: null,
      user: orNull(process.user),
      parent: null,
      contained: false,
      listens: process.listens.flatMap(text => parseListenAddress(text) ?? []),
      start: null,
      stop: null,
      onStop: 'stop',
      each: null,
    })),
  }
}

/** After its program or, behind an interpreter, what that runs. */
const nameOf = ({ args, exe }: Process): string => {
  const base = (path: string) => path.replace(/^.*\//, '').replace(/\.(jar|sh|py|pl|rb|js|mjs|exec|service)$/, '')
  const tomcat = args.flatMap(arg => /^-Dcatalina\.base=(.+)$/.exec(arg)?.[1] ?? [])[0]
  const words = [tomcat?.replace(/\/tomcat\d*\/?$/, ''), args[0]?.replace(/:.*$/, ''), exe ?? undefined]
  const names = words
    .map(word => base(word ?? '').replace(/[^A-Za-z0-9_.-]/g, ''))
    .map(word => word.replace(/^[-.]+/, ''))
  return names.find(word => word !== '')?.slice(0, 60) ?? 'service'
}

const wayOf = ({ pid }: Process, name: string, origins: Origins | null): DraftWay => {
  const unit = origins?.units.get(pid)
  if (unit !== undefined) return { _tag: 'Unit', unit }
  const path = origins?.initScripts.find(script => harmlessPath.test(script) && script.replace(/^.*\//, '') === name)
  const akin = origins?.initScripts.find(script => harmlessPath.test(script) && script.replace(/^.*[/-]/, '') === name)
  const found = path ?? akin
  return found === undefined ? { _tag: 'NotFound' } : { _tag: 'Script', path: found }
}

const harmlessPath = /^\/[A-Za-z0-9_./-]+$/

const guessesOn = (way: DraftWay, { args }: DraftProcess): readonly string[] => [
  args.length === 0 ? 'recognised by its program alone' : 'recognised by arguments that no other process had',
  ...(way._tag === 'Script' ? [`the script was found by its name`] : []),
  ...(way._tag === 'NotFound' ? ['no way to start or stop it was found: give it a script, or a start and a stop'] : []),
]
