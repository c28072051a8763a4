import { PassThrough } from 'node:stream'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import * as assert from 'uvu/assert'
import type { HostName } from '../../lib/model/names.js'
import { Secret } from '../../lib/model/secret.js'
import { withBecome } from '../../lib/remote/become.js'
import { followScript } from '../../lib/remote/follow-script.js'
import type { Connection, Door, Transport } from '../../lib/remote/transport.js'
import { describe } from '../helpers/test.js'
import { assertError, rightOf, scriptOf } from './scripts.js'

describe('a password for sudo that nobody said was right', test => {
  for (const [title, judge] of [
    ['the link is lost', ({ lose }) => lose('the link is gone')],
    ['sudo is killed', ({ ended }) => ended(null)],
    ['sudo fails in a way that is not known', ({ refuse }) => refuse('sudo: PAM: out of memory\n')],
    ['sudo says only that it needs one', ({ refuse }) => refuse('sudo: a password is required\n')],
  ] as const satisfies readonly (readonly [string, (sudo: Sudo) => void])[]) {
    test(`is given once in a run, over any connection and for any user: ${title}`, async () => {
      const host = askingHost(judge)
      assert.ok(E.isLeft(await host.runAs('root')))
      for (const user of ['root', 'root', 'shop'])
        assertError(await host.runAs(user), 'BecomeRefused', 'not tried again')
      assert.is(host.timesGiven(), 1)
    })
  }

  test('is given for the next user where sudo took it and does not allow this one', async () => {
    const host = askingHost(({ user, refuse, letIn }) => {
      if (user === 'shop') letIn()
      else refuse(`Sorry, user op is not allowed to execute '/bin/sh' as ${user} on one.\n`)
    })
    assertError(await host.runAs('root'), 'BecomeRefused', 'NotAllowed')
    assert.is(rightOf(await host.runAs('shop')).code, 0)
  })

  test('is given again where it was right and only the link behind sudo was lost', async () => {
    let lost = false
    const host = askingHost(({ letIn, arrive, lose }) => {
      if (lost) return letIn()
      lost = true
      arrive()
      lose('the link is gone')
    })
    assertError(await host.runAs('root'), 'Lost')
    assert.is(rightOf(await host.runAs('root')).code, 0)
  })
})

describe('a way to be somebody else', test => {
  test('that was good is not given up over a failure that passes', async () => {
    const said = ['', 'sudo: unable to fork: Resource temporarily unavailable\n', '', '']
    const host = scriptedHost(({ refuse, letIn }) => {
      const why = said.shift() ?? ''
      if (why === '') letIn()
      else refuse(why)
    })
    assertError(await host.runAs('root'), 'BecomeRefused', 'unable to fork')
    assert.is(rightOf(await host.runAs('root')).code, 0)
  })

  test('is looked for again after a failure that passes', async () => {
    let tries = 0
    const host = scriptedHost(({ refuse, letIn }) => {
      tries += 1
      if (tries > 1) letIn()
      else refuse('sudo: unable to fork: Resource temporarily unavailable\n')
    })
    assertError(await host.runAs('root'), 'BecomeRefused', 'unable to fork')
    assert.is(rightOf(await host.runAs('root')).code, 0)
  })

  test('is not asked for again where the host refused it for good', async () => {
    let tries = 0
    const host = scriptedHost(({ refuse }) => {
      tries += 1
      refuse('op is not in the sudoers file.\n')
    })
    for (const _ of [1, 2]) assertError(await host.runAs('root'), 'BecomeRefused', 'NotInSudoers')
    assert.is(tries, 1)
  })
})

/** What sudo, called once by the host's shell, can do. */
type Sudo = Readonly<{
  user: string
  /** Is given no password: as under `sudo -n`. */
  isSilent: boolean
  ask: () => void
  refuse: (words: string) => void
  ended: (code: number | null) => void
  lose: (why: string) => void
  /** The other user's shell is there. */
  arrive: () => void
  /** And has run the script. */
  letIn: () => void
}>

/** sudo wants a password, is given it, and goes on as `judge` says. */
const askingHost = (judge: (sudo: Sudo) => void) => {
  let given = 0
  const host = scriptedHost(sudo => {
    if (sudo.isSilent) return sudo.refuse('sudo: a password is required\n')
    sudo.ask()
    given += 1
    judge(sudo)
  })
  return { ...host, timesGiven: () => given }
}

/** Each script is sent over a connection of its own, as after each loss. */
const scriptedHost = (sudo: (sudo: Sudo) => void) => {
  const connection: Connection = {
    run: script => () => {
      const { answer, send, onStdout, onStderr, ended, lose } = followScript(script, new PassThrough(), () => {})
      const { mark, prompt, password, text } = script.door as Door
      const arrive = () => onStdout(Buffer.from(`${mark} 42\n`))
      send()
      sudo({
        user: /-u (\S+)/.exec(text)?.[1] ?? '',
        isSilent: password === null,
        ask: () => onStderr(Buffer.from(prompt)),
        refuse: words => {
          onStderr(Buffer.from(words))
          ended(1)
        },
        ended,
        lose,
        arrive,
        letIn: () => {
          arrive()
          ended(0)
        },
      })
      return answer
    },
    close: async () => {},
  }
  const transport: Transport = withBecome({ connect: () => TE.right(connection) }, new Secret('sesame'))
  const runAs = async (user: string) => {
    const opened = rightOf(await transport.connect('one' as HostName, { _tag: 'Local' })())
    return opened.run(scriptOf('{ :; }\n', { as: { method: 'sudo', user, password: null } }))()
  }
  return { runAs }
}
