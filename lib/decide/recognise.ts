/** Is this process what a catalog declares? All that is declared has to fit, and what cannot be seen leaves a doubt. */
import type { Instance } from '../model/catalog.js'
import { fitsGlob } from '../model/glob.js'
import type { Observation, Process } from '../model/observation.js'
import { fitsPattern } from '../model/safe-pattern.js'

/** `unseen`: what can be seen of it fits, and something that is declared cannot be seen. */
export type Fit = 'yes' | 'no' | 'unseen'

/** Everything but the parent, which is another instance's matter. */
export const fitOf = (process: Process, instance: Instance, host: Names): Fit => {
  if (process.isKernel || process.contained !== instance.contained) return 'no'
  const fits = [
    fitOfArgs(process, instance),
    fitOfPath(process.exe, instance.exe, host),
    fitOfPath(process.cwd, instance.cwd, host),
    fitOfUser(process, instance.user, host),
  ]
  if (fits.includes('no')) return 'no'
  return fits.includes('unseen') ? 'unseen' : 'yes'
}

/** What the host says the declared names are there. */
export type Names = Pick<Observation, 'users' | 'paths'>

export const fitOfArgs = (process: Process, { args, globs, patterns }: Instance): Fit => {
  if (args.length > 0 && !holdsArgs(process, args)) return 'no'
  if (globs.length === 0 && patterns.length === 0) return 'yes'
  // A process that is only foreseen (`predict`) shows each pattern as it is written.
  if (process.pid < 0) return [...globs, ...patterns].every(one => process.args.some(arg => arg === one)) ? 'yes' : 'no'
  const wanted = [
    ...globs.map(glob => ({ fits: (word: string) => fitsGlob(glob, word), within: `*${glob}*` })),
    ...patterns.map(pattern => ({ fits: (word: string) => fitsPattern(pattern, word), within: null })),
  ]
  if (wanted.every(({ fits }) => process.args.some(fits))) return 'yes'
  if (process.argsFrom === 'cmdline') return 'no'
  // `ps` shows an argument that holds spaces as several words: it may fit as a whole.
  const line = process.args.join(' ')
  return wanted.every(({ within }) => within === null || fitsGlob(within, line)) ? 'unseen' : 'no'
}

const fitOfPath = (seen: string | null, wanted: string | null, { paths }: Names): Fit => {
  if (wanted === null) return 'yes'
  if (seen === null) return 'unseen'
  return seen === (paths.get(wanted) ?? wanted) ? 'yes' : 'no'
}

const fitOfUser = ({ uid }: Process, wanted: string | null, { users }: Names): Fit => {
  if (wanted === null) return 'yes'
  const wantedUid = /^\d+$/.test(wanted) ? Number(wanted) : (users.get(wanted) ?? null)
  if (uid === null || wantedUid === null) return 'unseen'
  return uid === wantedUid ? 'yes' : 'no'
}

/** What of a process that has the arguments is not as declared, in words; null where that is as it should be. */
export const differenceIn = (process: Process, instance: Instance, host: Names): string | null => {
  const { exe, cwd, user } = instance
  const differences = [
    fitOfPath(process.exe, exe, host) === 'no'
      ? [`it runs ${process.exe}, not ${host.paths.get(exe ?? '') ?? exe}`]
      : [],
    fitOfPath(process.cwd, cwd, host) === 'no'
      ? [`it is in ${process.cwd}, not ${host.paths.get(cwd ?? '') ?? cwd}`]
      : [],
    fitOfUser(process, user, host) === 'no' ? [`it is of uid ${process.uid}, not of ${user}`] : [],
  ].flat()
  return differences.length === 0 ? null : differences.join(' and ')
}

/** Do these arguments stand in the process's own, side by side and in order? */
export const holdsArgs = (process: Process, args: readonly string[]): boolean =>
  standsIn(process.argsFrom === 'cmdline' ? args : wordsFor(args), process.args)

export const standsIn = (wanted: readonly string[], args: readonly string[]): boolean => {
  const [first] = wanted
  if (first === undefined) return false
  const last = args.length - wanted.length
  for (let start = args.indexOf(first); start >= 0 && start <= last; start = args.indexOf(first, start + 1)) {
    if (wanted.every((arg, i) => args[start + i] === arg)) return true
  }
  return false
}

/** All of these arguments, but with others between them, as in `poll stop Dns 1` for `poll Dns 1`. */
export const holdsScattered = (process: Process, args: readonly string[]): boolean =>
  args.length > 1 && args.every(arg => process.args.some(own => own === arg))

/** `ps` joins arguments with spaces, so one that holds a space is several words there. */
export const wordsFor = (args: readonly string[]): readonly string[] =>
  args.some(arg => /\s/.test(arg)) ? args.flatMap(arg => arg.split(/\s+/)) : args

/**
 * A program's path stands first, or behind an interpreter that runs it: `tail -f /app/bin/daemon` is no daemon. Other
 * arguments may stand anywhere, but for programs that are called to look for them, such as grep, or to hand them on to
 * another host or container. Where the file that it
 * runs is declared and fits, that settles it.
 */
export const mayRun = (process: Process, { args, exe }: Instance): boolean => {
  const program = (process.args[0] ?? '').replace(/^-/, '').replace(/^.*\//, '')
  if (exe !== null || process.args[0] === args[0]) return true
  return args[0]?.startsWith('/') ? isInterpreter(program) : !readers.test(program)
}

export const isInterpreter = (program: string): boolean => interpreters.test(program)

const interpreters =
  /^((ba|da|a|k|mk|z|y|c|tc|fi)?sh|rbash|busybox|toybox|env|perl[\d.]*|python[\d.]*|ruby[\d.]*|php[\d.]*|node(js)?|java|jsvc(\.exec)?|mono|lua[\d.]*|tclsh[\d.]*|wish[\d.]*|setsid)$/

const readers =
  /^([ef]?grep|rg|ag|ack|pgrep|pkill|ps|find|xargs|watch|awk|gawk|mawk|sed|cat|less|more|tail|head|vi|vim|view|nano|emacs|ed|man|strace|ltrace|gdb|ssh|scp|rsync|sudo|doas|su|unshare|nsenter|docker|podman|nerdctl|runc|crun|kubectl|systemd-nspawn|bwrap)$/

/** A zombie has ended and only waits to be counted by its parent. */
export const isAlive = ({ state }: Process): boolean => state !== 'Z' && state !== 'X'

/** Stopped by a signal (T) or under a debugger's hand (t): there, and not running. */
export const isFrozen = ({ state }: Process): boolean => state.toUpperCase() === 'T'

/**
 * Arguments that may go on where they seem to end: kernels before 4.2 show 4,096 bytes of them, and `ps` may cut its
 * lines at 80 columns or 4,096 bytes, or 2,048 with the columns before them. They prove no absence.
 */
export const isCut = ({ args, argsFrom }: Process): boolean => {
  const bytes = new TextEncoder().encode(args.join(' ')).length + 1
  switch (argsFrom) {
    case 'cmdline':
      return bytes === 4095 || bytes === 4096
    case 'ps':
      return bytes === 80 || bytes === 81 || bytes >= 4095
    case 'short ps':
      return bytes >= 1900
  }
}
