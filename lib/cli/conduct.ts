/** One run, from an open journal to its exit code: what run, restart and resume have in common. */
import { dirname, resolve } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { ourJournals, version, whoWeAre } from '../api/here.js'
import { hide, passwordsOf, redactionsFor } from '../api/hiding.js'
import { hooksLeftOf } from '../api/hooks-left.js'
import { absoluteSources } from '../api/our-files.js'
import { withHooksDue } from '../decide/hooks.js'
import { withoutSurvivors } from '../decide/survivors.js'
import { type ExitCode, exitCodes } from '../model/exit-code.js'
import { type InputFile, journalErrorInWords, type RunOptions } from '../model/journal.js'
import type { Plan } from '../model/plan.js'
import type { Expansion } from '../model/playbook.js'
import { redactor } from '../model/redact.js'
import { printable } from '../report/printable.js'
import { hooksLeftLines } from '../report/runs.js'
import { systemClock } from '../run/clock.js'
import type { Held } from '../run/hold.js'
import { changedInputs, type ResumeOptions } from '../run/journal/resume.js'
import { openJournal } from '../run/journal/store.js'
import { runPlaybook } from '../run/run.js'
import { type Access, accessAsJournalled, askForAccess } from './access.js'
import { asking } from './agreement.js'
import { isAtTerminal } from './ask-yes.js'
import { becomeAsJournalled } from './become-options.js'
import { type ActOptions, refuse, style } from './common.js'
import { contextFor } from './context.js'
import { eventFilesOf, filesNamed } from './event-files.js'
import { hidingScreen } from './hiding-screen.js'
import { interruption } from './interruption.js'
import { keepingEvents, whyNotKept, whyShared } from './keep-events.js'
import { reachAsJournalled } from './reach-options.js'
import { rolloutAsJournalled } from './rollout-options.js'
import { whyNotSaved } from './save-plan.js'
import { type Applying, applyingAsJournalled, inputsMoved } from './saved-plan.js'
import { jsonScreen, textScreen } from './screen.js'
import { showPlan } from './show-plan.js'
import { vaultAsJournalled } from './vault-keys.js'
import { mayRedraw } from './window.js'

/** What is run, and what it takes to run it again. */
export type Undertaking = Readonly<{
  expansion: Expansion
  title: string
  again: Pick<RunOptions, 'command' | 'playbook' | 'catalogs' | 'more'>
  inputs: readonly InputFile[]
  /** The run that this one takes up again. */
  resumes: ResumeOptions | null
  /** The saved plan that it is kept to. */
  applies: Applying | null
}>

/** Nothing is connected to before the run is written down; a plan changes nothing, and is not. */
export const conduct = async (undertaking: Undertaking, options: ActOptions): Promise<ExitCode> => {
  const { title, inputs, resumes, applies } = undertaking
  const files = filesNamed(options)
  const sources = [...inputs, ...(applies === null ? [] : [applies])]
  const misplaced =
    whyMisplaced(options) ??
    rollbackOfNothing(undertaking.expansion, options) ??
    whyShared(files) ??
    whyNotKept(files, sources)
  if (misplaced !== null) return refuse([{ _tag: 'BadUsage', reason: misplaced }], options)
  const moved = applies === null ? null : inputsMoved(applies, inputs)
  if (moved !== null) return refuse(moved, options)
  const access = await askForAccess(undertaking.expansion, options)
  if (E.isLeft(access)) return refuse(access.left, options)
  const place = ourJournals()
  const asked = asJournalled(undertaking, options)
  const again = hide(asked, undertaking.expansion, access.right)
  const notSaved = options.out === undefined ? null : whyNotSaved(options.out, inputs, again)
  if (notSaved !== null) return refuse([{ _tag: 'BadUsage', reason: notSaved }], options)
  const hooksNotRun = () => hooksLeftOf(undertaking.expansion, asked.inventory, place, resumes?.runId)
  const due = resumes === null ? [] : await hooksNotRun()
  const wanted = options.stopSurvivors ? withoutSurvivors(undertaking.expansion) : undertaking.expansion
  const expansion = withHooksDue(wanted, new Map(due.map(({ id, moments }) => [id, moments])))
  const held = applies === null ? undefined : heldTo(applies, expansion, access.right)
  if (options.plan) {
    const left = resumes === null ? await hooksNotRun() : []
    return showPlan(expansion, { left, held, again }, options, access.right)
  }
  const kept = keepingEvents(eventFilesOf(options, again, version()))
  const notKept = kept.begin()
  if (notKept !== null) return refuse([{ _tag: 'BadUsage', reason: notKept }], options)
  const journal = await openJournal(place, {
    version: version(),
    pid: process.pid,
    resumes: resumes?.runId ?? null,
    options: asked,
    secrets: passwordsOf(expansion, access.right),
    redactions: expansion.redactions ?? [],
    now: systemClock.now,
  })
  if (E.isLeft(journal)) {
    const why = journalErrorInWords(journal.left)
    console.error(printable(`steward: nothing was done, as the run cannot be written down: ${why}`))
    return exitCodes.failed
  }
  // Loaded where it is needed: most runs of many have no terminal.
  const foot = mayRedraw(process.env, process.stdout.isTTY === true) ? (await import('log-update')).default : null
  const plainScreen = options.json ? jsonScreen() : textScreen(style(), foot, options)
  const screen = hidingScreen(kept.watch(plainScreen), redactionsFor(expansion, access.right))
  for (const change of changedInputs(resumes?.inputs ?? inputs, inputs))
    screen.say(printable(`steward: since then, ${change}`))
  const interrupted = interruption(
    () => screen.say('steward: finishing what is under way and starting nothing more; once more leaves at once'),
    () => {
      const left = screen.underWay()
      screen.close()
      kept.writeAtOnce()
      console.error(leftBehind(left))
      console.error(takenUpBy(journal.right.runId))
    },
  )
  const asks = asking(options, screen, style(), interrupted.signal)
  let isDeclined = false
  const agree = async (plan: Plan): Promise<boolean> => {
    isDeclined = (await asks.agree?.(plan)) === false
    return !isDeclined
  }
  try {
    const exitCode = await runPlaybook(expansion, title, {
      ...contextFor(options, access.right, screen, interrupted.signal),
      ...asks,
      ...(options.rollback === undefined ? {} : { rollback: options.rollback }),
      ...(asks.agree === undefined ? {} : { agree }),
      journal: journal.right,
      lock: { run: journal.right.runId, who: whoWeAre() },
      lockTimeoutMs: options.lockTimeout * 1000,
      ...(held === undefined ? {} : { held }),
    })
    if (isDeclined) screen.say('steward: nothing was done')
    else if (exitCode !== exitCodes.ok) screen.say(takenUpBy(journal.right.runId))
    for (const line of hooksLeftLines(await hooksNotRun())) screen.say(`steward: ${line}`)
    return (await kept.write()) || exitCode !== exitCodes.ok ? exitCode : exitCodes.failed
  } finally {
    screen.close()
    await kept.write()
    await journal.right.close()
    interrupted.stop()
  }
}

/** It would do nothing when it is needed. */
const rollbackOfNothing = ({ plays }: Expansion, { rollback }: ActOptions): string | null => {
  if (rollback === undefined) return null
  const services = plays.flatMap(({ desired }) => desired.map(({ service }) => service))
  if (services.some(service => service.rollback.includes(rollback))) return null
  return `--rollback ${rollback}: no service here allows it (rollback: ${rollback})`
}

const heldTo = ({ plan, begun }: Applying, expansion: Expansion, access: Access): Held => ({
  plays: plan.plays,
  begun: new Set(begun),
  hide: redactor(redactionsFor(expansion, access)),
})

const asJournalled = ({ again, inputs, applies }: Undertaking, options: ActOptions): RunOptions => ({
  ...again,
  inventory: absoluteSources(options.inventory),
  limit: options.limit === undefined ? null : absoluteLimit(options.limit),
  forks: options.forks,
  more: {
    ...again.more,
    'max-answer': options.maxAnswer,
    'lock-timeout': options.lockTimeout,
    'stop-survivors': options.stopSurvivors === true,
    ...(options.only === undefined ? {} : { only: options.only }),
    'playbook-dir': resolve(options.playbookDir ?? (again.playbook === null ? '.' : dirname(again.playbook))),
    ...reachAsJournalled(options),
    ...accessAsJournalled(options),
    ...becomeAsJournalled(options),
    ...rolloutAsJournalled(options),
    ...vaultAsJournalled(options),
    ...applyingAsJournalled(applies),
    ...(options.extraVars === undefined ? {} : { 'extra-vars': options.extraVars.map(absoluteFile) }),
  },
  inputs,
})

/** Options that say something of a plan, where none is shown, or of a run, where there is none; or that ask nobody. */
const whyMisplaced = ({ plan, detailedExitcode, out, junit, report, step, yes }: ActOptions): string | null => {
  if (plan && junit !== undefined) return '--junit tells of a run: leave out -C'
  if (plan) return report === undefined ? null : '--report tells of a run: leave out -C'
  if (out !== undefined) return '-o saves a plan: add -C'
  if (step && !yes && !isAtTerminal()) return '--step asks on a terminal, and there is none'
  return detailedExitcode ? '--detailed-exitcode tells of a plan: add -C' : null
}

const takenUpBy = (runId: string): string => `steward: to take it up again: steward resume ${runId}`

/** What was launched goes on by itself on its host. */
const leftBehind = (underWay: readonly string[]): string =>
  underWay.length === 0
    ? 'steward: left at once; nothing was under way'
    : printable(`steward: left at once; what became of ${underWay.join(', ')} is not known: look with steward status`)

/** As it is read (`readLimitPattern`): no name of a file goes on behind a comma or a colon. */
const absoluteLimit = (limit: string): string =>
  limit.replace(/(^|[,:])\s*@([^,:]+)/g, (_, before: string, file: string) => `${before}@${resolve(file.trim())}`)

const absoluteFile = (vars: string): string => (vars.startsWith('@') ? `@${resolve(vars.slice(1))}` : vars)
