import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import type { JournalEntry } from '../../lib/model/journal.js'
import { type Journal, noJournal } from '../../lib/run/journal/journal.js'
import type { Estate } from '../helpers/estate.js'
import { describe } from '../helpers/test.js'
import { both, hostOf, play, twoHosts, websOn } from './builders.js'

describe('a reason that is kept', test => {
  test('names who holds a port by its pid, with the way out, and not what it was called with', async () => {
    const built = twoHosts()
    const pid = hostOf(built, 'km1').spawn(['nginx', '--key=canary'], { listens: [2013] })
    assert.equal(await concludedIn(built, both), [
      `failed km@km1: port 2013 is held by pid ${pid} / end that process, or give km another port`,
      'skipped dispatcher@app1: it comes after km@km1, which did not end well',
    ])
  })

  test('tells what became of a start, and with which code its script ended, but not what that printed', async () => {
    const built = websOn(['h1'])
    const host = hostOf(built, 'h1')
    host.commands.set('/init/web start', () => {})
    host.garble = (kind, stdout) =>
      kind === 'launch' ? stdout.replace(/Starting\.\n\n(.*) close 0/, 'the password is canary\n\n$1 close 3') : stdout
    assert.equal(await concludedIn(built, play({ web: 'running' })), [
      'failed web@h1: it is not running after 5 s; it is stopped; script ended with 3 / it was started once and is not started again: name its log in the catalog, and what it says is shown here',
    ])
  })

  test('tells why a host was not seen, but not what it answered', async () => {
    const built = websOn(['h1', 'h2'])
    hostOf(built, 'h1').garble = () => 'canary'
    hostOf(built, 'h2').down = { _tag: 'Unreachable', why: 'no way; it says: canary', own: 'no way' }
    assert.equal((await concludedIn(built, play({ web: 'running' }))).toSorted(), [
      'not seen h1: its answer could not be read',
      'not seen h2: no way',
      'unreachable web@h1: it could not be looked at',
      'unreachable web@h2: it could not be looked at',
    ])
  })
})

/** Also sees to it that nothing at all that is written down holds the canary, and that it was there to be seen. */
const concludedIn = async (built: Estate, playbook: string): Promise<readonly string[]> => {
  const entries: JournalEntry[] = []
  const journal: Journal = { ...noJournal, append: async entry => E.right(void entries.push(entry)) }
  const { facts } = await built.run(playbook, { journal })
  assert.match(JSON.stringify(facts), 'canary')
  assert.not.match(JSON.stringify(entries), 'canary')
  return entries.flatMap(entry => {
    if (entry._tag === 'NotSeen') return [`not seen ${entry.host}: ${entry.words}`]
    if (entry._tag !== 'Concluded') return []
    const wayOut = entry.wayOut === undefined ? '' : ` / ${entry.wayOut}`
    return [`${entry.outcome} ${entry.id}: ${entry.words}${wayOut}`]
  })
}
