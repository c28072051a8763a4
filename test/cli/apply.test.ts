import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import * as assert from 'uvu/assert'
import { Secret } from '../../lib/model/secret.js'
import { sealText } from '../../lib/read/vault-cipher.js'
import { describe } from '../helpers/test.js'
import { type Balanced, dies, withBalanced } from './balanced.js'

const skip = process.platform === 'linux' ? undefined : 'it needs setsid and /proc'

describe('a saved plan', test => {
  const balanced = (title: string, use: (tools: Balanced) => Promise<void>) =>
    test(title, () => withBalanced(use), { skip, timeoutMs: 60_000 })
  const saving = ({ call, folder }: Balanced, ...args: readonly string[]) =>
    call(['plan', `${folder}/running.yml`, '-i', `${folder}/hosts.yml`, '-o', `${folder}/plan`, ...args])

  balanced('is for its owner alone, and is done by apply, once', async tools => {
    const { call, folder, done } = tools
    writeFileSync(`${folder}/plan`, 'an older one', { mode: 0o644 })
    writeFileSync(`${folder}/limit`, 'here\n')
    const plan = await saving(tools, '--detailed-exitcode', '-l', `@${relative('.', folder)}/limit`)
    assert.is(plan.code, 10, plan.stderr)
    assert.match(plan.stderr, `steward: saved: steward apply ${folder}/plan does just this`)
    assert.is(statSync(`${folder}/plan`).mode & 0o777, 0o600)
    assert.match(readFileSync(`${folder}/plan`, 'utf8'), `"limit":"@${folder}/limit"`)
    assert.match((await call(['apply', `${folder}/plan`, '-C'])).stdout, '1 to start')
    for (const option of ['--junit', '--report']) {
      const taken = await call(['apply', `${folder}/plan`, option, `${folder}/plan`])
      assert.is(taken.code, 5, taken.stdout)
      assert.match(taken.stderr, `${option} ${folder}/plan: the run is`)
    }
    assert.equal(done(), [])
    const first = await call(['apply', `${folder}/plan`])
    assert.is(first.code, 0, first.stdout + first.stderr)
    assert.equal(done(), ['before start', 'start', 'after start'])
    assert.match((await call(['show', 'last'])).stdout, `  as in the plan ${folder}/plan`)
    const second = await call(['apply', `${folder}/plan`])
    assert.equal([second.code, done().length], [0, 3], second.stdout)
    assert.match(second.stdout, 'All is as it should be')
  })

  balanced('of a restart keeps its time, and is not done where somebody has restarted it', async tools => {
    const { make, restart, call, folder, done } = tools
    await make('running')
    assert.is((await restart(['-C', '-o', `${folder}/plan`])).code, 0)
    await restart()
    const before = done().length
    const late = await call(['apply', `${folder}/plan`])
    assert.equal([late.code, done().length], [0, before], late.stdout)
    await make('stopped')
    await make('running')
    assert.is((await restart(['-C', '-o', `${folder}/plan`])).code, 0)
    const applied = await call(['apply', `${folder}/plan`])
    assert.is(applied.code, 0, applied.stdout)
    assert.equal(done().slice(-2), ['start', 'after start'])
    assert.match((await call(['runs'])).stdout, /apply web/)
  })

  balanced('of two plays foresees in the second what the first leads to', async tools => {
    const { make, call, folder, done } = tools
    await make('running')
    const plan = ['plan', `${folder}/bounce.yml`, '-i', `${folder}/hosts.yml`, '-o', `${folder}/plan`]
    assert.is((await call(plan)).code, 0)
    const applied = await call(['apply', `${folder}/plan`])
    assert.is(applied.code, 0, applied.stdout)
    assert.equal(done().slice(-6), ['before stop', 'stop', 'after stop', 'before start', 'start', 'after start'])
  })

  balanced('is refused where its host has moved since, and says what moved', async tools => {
    const { make, call, folder, done } = tools
    await make('running')
    const plan = ['plan', `${folder}/stopped.yml`, '-i', `${folder}/hosts.yml`, '-o', `${folder}/plan`]
    assert.is((await call(plan)).code, 0)
    await make('stopped')
    await make('running')
    const before = done().length
    const refused = await call(['apply', `${folder}/plan`])
    assert.equal([refused.code, done().length], [2, before], refused.stdout)
    assert.match(
      refused.stdout,
      /failed: \[web@here\] moved since the plan: web@here: main pid \d+ \(started at tick \d+\) is gone, and main pid \d+/,
    )
    assert.match((await call(['apply', `${folder}/plan`, '--check'])).stdout, 'moved since the plan')
  })

  balanced('is refused whole, and before anything is looked at, where an input has changed', async tools => {
    const { call, folder } = tools
    await saving(tools)
    const asNobody = await call(['apply', `${folder}/plan`], { ANSIBLE_BECOME: 'yes', ANSIBLE_BECOME_USER: 'nobody' })
    assert.is(asNobody.code, 5, asNobody.stdout)
    assert.match(asNobody.stderr, 'what ansible.cfg or the environment says was not read then: plan it again')
    const catalog = readFileSync(`${folder}/catalog.yml`, 'utf8')
    writeFileSync(`${folder}/catalog.yml`, `${catalog} `)
    const refused = await call(['apply', `${folder}/plan`])
    assert.is(refused.code, 5)
    assert.match(
      refused.stderr,
      `since ${folder}/plan was made, ${folder}/catalog.yml has changed: plan it again\n\nsteward: one mistake in the input; nothing was connected to.`,
    )
    assert.match((await call(['runs'])).stderr, 'no run yet')
  })

  balanced('is read with the place of each mistake, or refused as none', async tools => {
    const { call, folder } = tools
    await saving(tools)
    const whole = readFileSync(`${folder}/plan`, 'utf8')
    const applying = async (text: string) => {
      writeFileSync(`${folder}/bad`, text)
      const { code, stderr } = await call(['apply', `${folder}/bad`])
      assert.is(code, 5, stderr)
      return (stderr.split('\n')[0] ?? '').replace(folder, '')
    }
    assert.is(
      await applying(whole.replace('"steward_plan": 1', '"steward_plan": 2')),
      '/bad:2:17: it is of version 2, and this steward reads version 1: plan it again',
    )
    assert.match(await applying('{"plays": []}'), '/bad:1:1: this is no plan that steward plan -o has saved')
    assert.match(await applying(whole.slice(0, -30)), /^\/bad:\d+:\d+: bad YAML/)
    assert.match(await applying(whole.replace('"forks":50', '"forks":"many"')), /^\/bad:6:\d+: expected a whole number/)
    assert.match(await applying(whole.replace('"action":"Start"', '"action":"Strat"')), 'did you mean "Start"?')
    assert.match(await applying(whole.replace('"verdict"', '"verdikt":1,"verdict"')), 'unknown key "verdikt"')
    assert.match((await call(['apply', `${folder}/nothing`])).stderr, 'cannot be read')
  })

  balanced('is not put over a file that it is made from, nor with a run that is done', async tools => {
    const { make, call, folder, done } = tools
    const over = await call(['plan', `${folder}/running.yml`, '-i', `${folder}/hosts.yml`, '-o', `${folder}/hosts.yml`])
    assert.equal([over.code, JSON.parse(readFileSync(`${folder}/hosts.yml`, 'utf8')).all !== undefined], [5, true])
    const run = await make('running', {}, ['-o', `${folder}/plan`])
    assert.equal([run.code, done()], [5, []])
    assert.match(run.stderr, '-o saves a plan: add -C')
  })

  balanced('whose run was killed is taken up by a resume, which brings what it began to its end', async tools => {
    const { call, folder, done } = tools
    await saving(tools)
    await call(['apply', `${folder}/plan`], dies('before 6'))
    assert.equal(done().slice(0, 2), ['before start', 'start'])
    const resumed = await call(['resume', 'last'])
    assert.is(resumed.code, 0, resumed.stdout + resumed.stderr)
    assert.equal(done(), ['before start', 'start', 'after start'])
    await call(['apply', `${folder}/plan`], dies('before 2'))
    writeFileSync(`${folder}/plan`, readFileSync(`${folder}/plan`, 'utf8').replace('"madeBy"', ' "madeBy"'))
    assert.match((await call(['resume', 'last'])).stderr, /plan is no longer the plan that \S+ applied/)
  })

  balanced('of a restart that was killed between its stop and its start is resumed to its end', async tools => {
    const { make, restart, call, folder, done } = tools
    await make('running')
    await restart(['-C', '-o', `${folder}/plan`])
    const before = done().length
    await call(['apply', `${folder}/plan`], dies('before 7'))
    assert.equal(done().slice(before), ['before stop', 'stop', 'after stop'])
    assert.match((await call(['apply', `${folder}/plan`, '-C'])).stdout, /moved since the plan: web@here: main pid \d+/)
    const resumed = await call(['resume', 'last'])
    assert.is(resumed.code, 0, resumed.stdout)
    assert.equal(done().slice(before + 3), ['before start', 'start', 'after start'])
  })

  test(
    'holds nothing that a vault holds, and is applied with it; an option that does is refused',
    () =>
      withBalanced(
        async ({ call, folder, done }) => {
          const sealed = sealText(Buffer.from('token: open-sesame'), new Secret('swordfish'), null)
          writeFileSync(`${folder}/secrets.yml`, sealed)
          writeFileSync(`${folder}/password`, 'swordfish')
          const plan = (...more: readonly string[]) => [
            ...['plan', `${folder}/running.yml`, '-i', `${folder}/hosts.yml`, '-o', `${folder}/plan`],
            ...['-e', `@${folder}/secrets.yml`, '--vault-password-file', `${folder}/password`, ...more],
          ]
          const given = await call(plan('-e', 'other=open-sesame'))
          assert.equal([given.code, existsSync(`${folder}/plan`)], [5, false])
          assert.match(given.stderr, 'an option holds a secret, and a plan keeps none')
          const saved = await call(plan())
          assert.is(saved.code, 0, saved.stderr)
          const text = readFileSync(`${folder}/plan`, 'utf8')
          assert.match(text, `"does":["${folder}/start ***"]`)
          assert.not.match(text, 'open-sesame')
          const applied = await call(['apply', `${folder}/plan`])
          assert.is(applied.code, 0, applied.stdout + applied.stderr)
          assert.equal(done(), ['before start', 'start', 'after start'])
        },
        folder => ({ start: `${folder}/start {{ token }}` }),
      ),
    { skip, timeoutMs: 60_000 },
  )
})
