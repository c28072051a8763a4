import { setTimeout as delay } from 'node:timers/promises'
import type { Prompt } from 'ssh2'
import * as assert from 'uvu/assert'
import { describe } from '../helpers/test.js'
import { takesPassword, withPasswordServer } from './password-server.js'
import { assertError, rightOf } from './scripts.js'
import { withoutSshd } from './sshd.js'

const skip = withoutSshd

describe('ssh passwords', test => {
  const right = withPasswordServer(takesPassword, 'right', async ({ connect, attempts }) => {
    rightOf(await connect())
    assert.equal(attempts, ['none', 'password right'])
    rightOf(await connect())
  })
  test('log in where the host takes them, again too', right, { skip })

  const wrong = withPasswordServer(takesPassword, 'canary', async ({ connect, attempts }) => {
    const refused = await connect()
    assertError(refused, 'LoginRefused', 'refused ops with the password')
    assert.not.match(JSON.stringify(refused), 'canary')
    assertError(await connect(), 'LoginRefused', 'not tried again')
    assert.equal(attempts, ['none', 'password canary', 'none'])
  })
  test('are tried once at each host, and said nowhere', wrong, { skip })

  const cut = withPasswordServer(
    (context, note, socket) => {
      if (context.method !== 'password') return context.reject(['password'])
      note('password')
      socket.destroy()
    },
    'wrong',
    async ({ connect, attempts }) => {
      assertError(await connect(), 'LoginRefused', 'was given the password and hung up')
      assertError(await connect(), 'LoginRefused', 'not tried again')
      assert.equal(attempts, ['none', 'password', 'none'])
    },
  )
  test('are refused by a host that hangs up on them: it is not called again', cut, { skip })

  const together = withPasswordServer(takesPassword, 'wrong', async ({ connect, attempts }) => {
    const results = await Promise.all([connect(), connect(), connect()])
    for (const result of results) assertError(result, 'LoginRefused')
    assert.is(attempts.filter(attempt => attempt.startsWith('password')).length, 1)
  })
  test('that are wrong are tried by one of several connections to an account', together, { skip })

  const bothWays = withPasswordServer(takesPassword, 'right', async ({ connect }) => {
    for (const result of await Promise.all([connect(), connect(), connect()])) rightOf(result)
  })
  test('that are right log in several connections to an account', bothWays, { skip })

  let acceptFirst = () => {}
  let logins = 0
  const left = withPasswordServer(
    (context, note, socket) => {
      if (context.method === 'password') {
        note('password')
        if (logins === 1) acceptFirst = () => context.accept()
        else context.accept()
        return
      }
      logins += 1
      context.reject(['password'])
      if (logins !== 2) return
      socket.once('close', acceptFirst)
      // By then it waits for what the first one comes to.
      setTimeout(() => socket.end(), 200)
    },
    'right',
    async ({ connect, attempts }) => {
      const first = connect()
      while (!attempts.includes('password')) await delay(10)
      assertError(await connect(), 'Unreachable', 'closed the connection during the login')
      rightOf(await first)
      rightOf(await connect())
    },
  )
  test('are not waited for where the host hung up before they were tried', left, { skip })

  const change = withPasswordServer(
    (context, note) => {
      if (context.method !== 'password') return context.reject(['password'])
      note('password')
      context.requestChange('Change it', () => note('changed'))
    },
    'right',
    async ({ connect, attempts }) => {
      assertError(await connect(), 'LoginRefused', 'wants the password to be changed first')
      assert.equal(attempts, ['none', 'password'])
    },
  )
  test('that have run out are not changed', change, { skip })

  for (const [title, rounds, times, objection] of [
    ['one that is hidden', [[hidden('Password: ')]], 1, null],
    ['none before one that is hidden', [[], [hidden('Password: ')]], 1, null],
    ['one that would be shown', [[{ prompt: 'Your name: ', echo: true }]], 0, 'more than a password: Your name:'],
    ['two at once', [[hidden('Password: '), hidden('Code: ')]], 0, 'more than a password: Password:, Code:'],
    ['another one after it', [[hidden('Password: ')], [hidden('Code: ')]], 1, 'more than a password: Code:'],
  ] as const) {
    const asked = withPasswordServer(
      (context, note) => {
        if (context.method !== 'keyboard-interactive') return context.reject(['keyboard-interactive'])
        const ask = (left: readonly (readonly Prompt[])[]) => {
          const [round, ...rest] = left
          if (round === undefined) return context.accept()
          context.prompt([...round], answers => {
            note(`answers: ${answers.join()}`)
            ask(rest)
          })
        }
        ask(rounds)
      },
      'right',
      async ({ connect, attempts }) => {
        const result = await connect()
        if (objection === null) rightOf(result)
        else assertError(result, 'LoginRefused', objection)
        assert.is(attempts.filter(attempt => attempt === 'answers: right').length, times)
      },
    )
    test(`answer the questions of a host only once, and only the hidden one: ${title}`, asked, { skip })
  }
})

function hidden(prompt: string): Prompt {
  return { prompt, echo: false }
}
