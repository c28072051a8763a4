/** What a run or a look is given, as the command line says. Apart from what is read before, as it brings SSH with it. */
import type { RunFact } from '../model/event.js'
import { transportByRoute } from '../remote/by-route.js'
import { systemClock } from '../run/clock.js'
import type { RunContext } from '../run/run-context.js'
import type { Access } from './access.js'
import type { CommonOptions } from './common.js'
import { reachSettings } from './reach-options.js'
import type { Screen } from './screen.js'

export const contextFor = (
  options: CommonOptions,
  access: Access,
  screen: Screen,
  signal?: AbortSignal,
): RunContext => ({
  transport: transportByRoute({
    ...access,
    ...reachSettings(options),
    ...((options.verbose ?? 0) < loginsFrom
      ? {}
      : {
          onLoginTried: (host, login) => screen.show({ _tag: 'LoginTried', host, ...login, atMs: systemClock.now() }),
        }),
    onHostKeyRecorded: (host, recorded) =>
      screen.show({ _tag: 'HostKeyRecorded', host, ...recorded, atMs: systemClock.now() }),
  }),
  clock: systemClock,
  forks: options.forks,
  ...(options.commandTimeout === undefined ? {} : { commandDeadlineMs: options.commandTimeout * 1000 }),
  maxAnswerBytes: options.maxAnswer * 1024 * 1024,
  emit: (fact: RunFact) => screen.show({ ...fact, atMs: systemClock.now() }),
  ...(signal === undefined ? {} : { signal }),
})

/** So many `v` tell how each login goes. */
const loginsFrom = 3
