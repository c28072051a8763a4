import * as assert from 'uvu/assert'
import { atTerminal, withoutScript } from '../helpers/terminal.js'
import { describe } from '../helpers/test.js'
import { type Balanced, withBalanced } from './balanced.js'

const skip = withoutScript

describe('a run on a terminal', test => {
  const question = 'This stops 1 service on 1 host. Do it? [y/N] '
  const balanced = (title: string, use: (tools: Balanced) => Promise<void>) =>
    test(title, () => withBalanced(use), { skip, timeoutMs: 60_000 })
  const call = ({ folder }: Balanced, args: readonly string[], answers: readonly (readonly [string, string])[] = []) =>
    atTerminal([...args, '-i', `${folder}/hosts.yml`], answers, {
      env: { XDG_STATE_HOME: `${folder}/state`, HOME: folder },
    })

  balanced('shows its plan first, and asks only where that stops something', async tools => {
    const { folder, done } = tools
    const started = await call(tools, ['run', `${folder}/running.yml`])
    assert.is(started.code, 0, started.screen)
    assert.match(started.screen, /start\S* +web@here +stopped/)
    assert.ok(started.screen.indexOf('1 to start') < started.screen.indexOf('changed'), started.screen)
    const refused = await call(tools, ['run', `${folder}/stopped.yml`], [[question, 'n']])
    assert.is(refused.code, 99, refused.screen)
    assert.match(refused.screen, /nothing was done/)
    assert.not.ok(done().includes('stop'))
    const agreed = await call(tools, ['run', `${folder}/stopped.yml`], [[question, 'y']])
    assert.is(agreed.code, 0, agreed.screen)
    assert.ok(done().includes('stop'))
  })

  balanced('asks before a restart too, whatever is printed, and not with -y', async tools => {
    const { folder, done } = tools
    const restart = ['restart', 'web', '-c', `${folder}/catalog.yml`]
    await call(tools, ['run', `${folder}/running.yml`])
    assert.is((await call(tools, [...restart, '--json'], [[question, '']])).code, 99)
    assert.not.ok(done().includes('stop'))
    const sure = await call(tools, [...restart, '-y'])
    assert.is(sure.code, 0, sure.screen)
    assert.not.match(sure.screen, 'Do it?')
  })

  balanced('with --step asks before each play, and is over with the first no', async tools => {
    const { folder, done } = tools
    const asked = 'web@here. Go on? [y/N] '
    const yes = await call(tools, ['run', `${folder}/running.yml`, '--step'], [[asked, 'yes']])
    assert.is(yes.code, 0, yes.screen)
    const no = await call(tools, ['run', `${folder}/stopped.yml`, '--step'], [[asked, 'no']])
    assert.is(no.code, 99, no.screen)
    assert.not.ok(done().includes('stop'))
  })

  balanced('takes nothing for an answer that was typed before the question', async tools => {
    const { folder, done } = tools
    await call(tools, ['run', `${folder}/running.yml`])
    const env = { XDG_STATE_HOME: `${folder}/state`, HOME: folder }
    const stop = ['run', `${folder}/stopped.yml`, '-i', `${folder}/hosts.yml`]
    for (const ahead of ['y\r', 'yes\ry\r', 'y']) {
      const { screen, code } = await atTerminal(stop, [[question, '']], { env, ahead })
      assert.is(code, 99, screen)
      assert.match(screen, /nothing was done/)
    }
    assert.not.ok(done().includes('stop'))
    const interrupted = await atTerminal(stop, [], { env, ahead: '\u0016\u0003' })
    assert.is(interrupted.code, 99, interrupted.screen)
    const agreed = await atTerminal(stop, [[question, 'y']], { env, ahead: 'n\r' })
    assert.is(agreed.code, 0, agreed.screen)
  })

  balanced('takes a Ctrl-C for a no', async tools => {
    const { folder, done } = tools
    await call(tools, ['run', `${folder}/running.yml`])
    const left = await call(tools, ['run', `${folder}/stopped.yml`], [[question, '\u0003']])
    // The shell of script(1) takes the Ctrl-C for its own end.
    assert.match(left.screen, 'steward: nothing was done')
    assert.not.ok(done().includes('stop'))
  })
})

describe('a run without a terminal', test => {
  test(
    'is not asked, and with --step is refused, as it has nobody to ask',
    () =>
      withBalanced(async ({ make, done }) => {
        assert.is((await make('running')).code, 0)
        const stepwise = await make('stopped', {}, ['--step'])
        assert.is(stepwise.code, 5, stepwise.stdout)
        assert.match(stepwise.stderr, '--step asks on a terminal, and there is none')
        assert.not.ok(done().includes('stop'))
        assert.is((await make('stopped')).code, 0)
      }),
    { skip, timeoutMs: 60_000 },
  )
})
