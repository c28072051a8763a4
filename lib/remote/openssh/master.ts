/** One connection of the system's ssh (ControlMaster) with a socket of its own, over which scripts are run. */

import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { quoting, reason, toldReason } from '../../model/reason.js'
import { readKnownHosts } from '../known-hosts.js'
import { type Destination, nameOf } from '../ssh/destination.js'
import type { LoginError } from '../ssh/explain-login.js'
import type { Hearing } from '../ssh/options.js'
import { placeOf, whyFailed } from '../ssh/traced.js'
import { startProcess, whyNotStarted } from '../start-process.js'
import { type MasterPaths, masterArguments } from './arguments.js'
import { explainMaster, whyNotForwarded } from './explain.js'
import { traceIn } from './trace.js'

export type Master = MasterPaths &
  Readonly<{
    /** For what belongs to it: gone when it is closed. */
    folder: string
    readLog: () => Promise<string>
    isGone: () => boolean
    /** Resolves when the connection has ended, however it did. */
    ended: Promise<void>
    close: () => Promise<void>
  }>

/**
 * Keeps ssh and the folder for as long as somebody holds its stdin. When that is closed, by our end too, it ends all of
 * its process group, which is its own, and removes the folder.
 */
const keeper = `
folder=$1 agent=$2
shift 2
unset DISPLAY SSH_ASKPASS SSH_AUTH_SOCK
SHELL=/bin/sh
export SHELL
if [ -n "$agent" ]; then SSH_AUTH_SOCK=$agent; export SSH_AUTH_SOCK; fi
{ "$@" </dev/null 2>"$folder/said"; echo down; } &
read -r _
trap '' TERM
kill -TERM 0
wait
rm -rf -- "$folder"
`

/** `tried` is told how it went. */
export const openMaster =
  (destination: Destination, jump: Master | null, tried: Hearing['tried']): TaskEither<LoginError, Master> =>
  async () => {
    const begun = performance.now()
    const tell = (log: string, error: LoginError | null) => {
      const tookMs = Math.round(performance.now() - begun)
      tried?.({
        client: 'openssh',
        ...placeOf(destination),
        ...traceIn(log),
        reachedMs: null,
        tookMs,
        failed: error === null ? null : whyFailed(error),
      })
    }
    const folder = await mkdtemp(`${shortFolder()}/steward-`)
    const paths: MasterPaths = { socket: `${folder}/s`, log: `${folder}/log`, newKeys: `${folder}/new_keys` }
    const { settings } = destination
    const started = startProcess('/bin/sh', [
      '-c',
      keeper,
      'steward',
      folder,
      settings.agentSocket ?? '',
      'ssh',
      ...masterArguments(destination, paths, jump),
    ])
    const remove = () => rm(folder, { recursive: true, force: true })
    if (E.isLeft(started)) {
      await remove()
      const error: LoginError = { _tag: 'Unreachable', why: started.left }
      tell('', error)
      return E.left(error)
    }
    const child = started.right
    child.stdin.on('error', () => {})
    const closed = new Promise<void>(resolve => {
      child.once('error', () => resolve())
      child.once('close', () => resolve())
    })
    let complaint = ''
    child.once('error', error => {
      complaint = whyNotStarted('ssh', error)
    })
    const close = async () => {
      child.stdin.end()
      const late = await Promise.race([closed.then(() => false), delay(2000, true, { ref: false })])
      // Its number is still its own, as it has not ended.
      if (late && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
      // Its keeper does so too, unless it was killed or never began.
      await remove()
    }
    const read = (file: string) => readFile(file, 'utf8').catch(() => '')

    const lines = createInterface(child.stdout)
    let isGone = false
    const ended = new Promise<void>(resolve => {
      const end = () => {
        isGone = true
        resolve()
      }
      lines.on('line', line => line === 'down' && end())
      // What ssh says goes elsewhere: this is the keeper's, which could not begin it.
      child.stderr.on('data', (words: Buffer) => {
        complaint += words
        end()
      })
      child.once('error', end)
      child.once('close', end)
    })
    const isUp = new Promise<true>(resolve => lines.on('line', line => line === 'up' && resolve(true)))

    const outcome = await Promise.race([isUp, ended.then(() => null), patience(destination, () => read(paths.log))])
    if (outcome === true && tried !== null) tell(await read(paths.log), null)
    if (outcome === true)
      return E.right({ ...paths, folder, readLog: () => read(paths.log), isGone: () => isGone, ended, close })
    const known = await Promise.all(settings.knownHostsFiles.map(async file => readKnownHosts(file, await read(file))))
    const end = {
      log: await read(paths.log),
      said: complaint + (await read(`${folder}/said`)),
      lateMs: outcome,
      known: known.flat(),
    }
    await close()
    const jumpLog = jump === null ? '' : await jump.readLog()
    const error = throughJump(explainMaster(end, destination), end.said, jumpLog, destination)
    tell(end.log, error)
    return E.left(error)
  }

/** Resolves with what was waited for in vain: the connection, then the login. */
const patience = async ({ settings, through }: Destination, log: () => Promise<string>): Promise<number> => {
  const { connectTimeoutMs, handshakeTimeoutMs } = settings
  await delay(connectTimeoutMs, undefined, { ref: false })
  if (through._tag === 'Nothing' && !/ Local version string /.test(await log())) return connectTimeoutMs
  await delay(handshakeTimeoutMs, undefined, { ref: false })
  return handshakeTimeoutMs
}

/** The jump host's own log says what became of the way through it. */
const throughJump = (error: LoginError, said: string, jumpLog: string, { login, through }: Destination): LoginError => {
  if (through._tag !== 'Jump' || !/^Stdio forwarding request failed/m.test(said)) return error
  const { address, port } = login
  const why = whyNotForwarded(jumpLog, address, port) ?? 'it did not say why'
  return {
    _tag: 'Unreachable',
    ...toldReason(
      reason`the jump host ${nameOf(through.hop)} could not reach ${address} port ${port}${quoting(`: ${why}`)}`,
    ),
  }
}

/**
 * A socket's path has at most 104 bytes on some systems (sun_path), of which ssh takes 17 for a name of its own while it
 * makes the socket.
 */
const shortFolder = (): string => {
  const fits = (folder: string) => Buffer.byteLength(`${folder}/steward-XXXXXX/s`) + 17 < 104
  return fits(tmpdir()) || !existsSync('/tmp') ? tmpdir() : '/tmp'
}
