import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import { accessAsJournalled } from '../../lib/cli/access.js'
import { becomeAsJournalled } from '../../lib/cli/become-options.js'
import { reachAsJournalled } from '../../lib/cli/reach-options.js'
import { rolloutAsJournalled } from '../../lib/cli/rollout-options.js'
import { tagsAsJournalled } from '../../lib/cli/tag-options.js'
import { vaultAsJournalled } from '../../lib/cli/vault-keys.js'
import type { RunOptions } from '../../lib/model/journal.js'
import { readSavedPlan } from '../../lib/read/saved-plan.js'
import { problemLines } from '../../lib/report/problems.js'
import { savedPlanText } from '../../lib/report/saved-plan.js'
import { memoryFiles } from '../helpers/estate.js'
import { plainRun } from '../helpers/plain-run.js'
import { describe } from '../helpers/test.js'

const read = (options: object) => {
  const plan = { madeAtMs: 0, madeBy: 'me', version: '1', options: options as RunOptions, plays: [] }
  return readSavedPlan(memoryFiles({ plan: savedPlanText(plan) }), 'plan')
}

/** What is wrong with them, without the place. */
const why = (options: object): string => {
  const found = read({ ...plainRun, ...options })
  if (E.isRight(found)) return 'nothing'
  const [line = ''] = problemLines(found.left)
  assert.match(line, /^plan:6:\d+: /)
  return line.replace(/^plan:\d+:\d+: /, '')
}

describe('the options of a saved plan', test => {
  test('are all that the command line writes', () => {
    const more = {
      'max-answer': 8,
      'lock-timeout': 0,
      'stop-survivors': true,
      only: ['h1'],
      'playbook-dir': '/p',
      'extra-vars': ['a=b'],
      services: ['web'],
      'started-after': 1,
      ...rolloutAsJournalled({
        serial: '1,5,25%',
        canary: '5%',
        pauseBetween: 0,
        maxFailPercentage: 10,
        anyErrorsFatal: true,
        maxUnavailable: '1',
        rollback: 'stop',
      }),
      ...reachAsJournalled({
        transport: 'openssh',
        connectTimeout: 1,
        handshakeTimeout: 1,
        commandTimeout: 1,
        idleTimeout: 1,
      }),
      ...accessAsJournalled({
        hostKey: 'accept-new',
        askPass: true,
        askBecomePass: true,
        connectionPasswordFile: '/c',
        becomePasswordFile: '/b',
      }),
      ...becomeAsJournalled({ become: true, becomeUser: 'app', becomeMethod: 'su' }),
      ...vaultAsJournalled({ askVaultPass: true, vaultPasswordFile: ['/v'], vaultId: ['a@prompt'] }),
      ...tagsAsJournalled({ tags: ['a'], skipTags: ['b'], startAt: 'web' }),
    }
    const found = read({ ...plainRun, more })
    assert.equal(E.isRight(found) ? found.right.options : found.left, { ...plainRun, more })
  })

  test('that make no sense are refused with their place, whoever wrote them', () => {
    assert.is(why({ forks: 0 }), 'expected a whole number from 1 up, found 0')
    assert.is(why({ more: { 'max-answer': -8 } }), 'expected a whole number from 1 up, found -8')
    assert.match(why({ more: { serial: 5 } }), 'expected numbers or percentages, such as 1,5,25%')
    assert.match(why({ more: { serial: ['2'] } }), 'expected numbers or percentages, such as 1,5,25%')
    assert.match(why({ more: { canary: '0' } }), 'expected a number from 1 up, or a percentage such as 25%')
    assert.match(why({ more: { 'max-fail-percentage': 101 } }), 'expected a percentage from 0 to 100')
    assert.match(why({ more: { rollback: 'toss' } }), 'unknown rollback "toss"')
    assert.match(why({ more: { seriel: '1' } }), 'unknown key "seriel"; did you mean "serial"?')
    const timeless = { command: 'restart', playbook: null, more: { services: ['web'] } }
    assert.match(why(timeless), 'expected a playbook, or services and state or started-after')
  })
})
