/** What takes up or explains what was done before: restart, resume, explain, and keys that are asked for. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import {
  apply,
  explain,
  InputError,
  observe,
  plan,
  type RunOptions,
  restart,
  resume,
  run,
  Secret,
} from '../../lib/index.js'
import { describe } from '../helpers/test.js'
import { makeKey, type Sshd, withoutSshd, withSshd } from '../remote/sshd.js'
import { type Shop, withShop } from './shop.js'

const input = (shop: Shop, services: readonly string[]) => ({
  services,
  catalogs: shop.catalogs,
  inventory: shop.inventory,
})

const stops = (shop: Shop): void => {
  for (const [name, host] of shop.hosts) {
    const service = name.replace(/\d/, '')
    host.commands.set(`/etc/init.d/${service} stop`, at => at.processes.clear())
  }
}

/** Its runs are written down in a folder of their own. */
const withJournals = async (shop: Shop, use: (options: RunOptions) => Promise<void>): Promise<void> => {
  const before = process.env['XDG_STATE_HOME']
  process.env['XDG_STATE_HOME'] = shop.folder
  const { journal: _, ...options } = shop.options
  try {
    await use(options)
  } finally {
    if (before === undefined) delete process.env['XDG_STATE_HOME']
    else process.env['XDG_STATE_HOME'] = before
  }
}

const refusalOf = async (promise: Promise<unknown>): Promise<string> => {
  const error = await promise.then(
    () => assert.unreachable('it was expected to reject'),
    reason => reason,
  )
  assert.instance(error, InputError)
  return (error as InputError).message
}

describe('the library', test => {
  test('restarts what is older than a moment, and what requires it after it', () =>
    withShop(async shop => {
      stops(shop)
      await run(shop, shop.options).result
      const [db, web] = [shop.hosts.get('db1'), shop.hosts.get('web1')]
      const before = db?.processes.size
      await shop.options.clock?.sleep(5000)
      const startedAfterMs = shop.options.clock?.now() ?? 0
      const both = { ...input(shop, ['web', 'db']), startedAfterMs }
      const planned = await plan(both, shop.options)
      assert.equal(
        planned.plays[0]?.steps.map(({ id, action }) => `${action._tag} ${id}`),
        ['Restart db@db1', 'Restart web@web1'],
      )
      const done = await restart(both, shop.options).result
      assert.equal([done.exitCode, done.recap.get('web1')?.changed, before], [0, 1, 1])
      const again = await restart(both, shop.options).result
      assert.equal([again.exitCode, again.recap.get('db1')?.changed], [0, 0])
      const starts = (ran: readonly string[] = []) => ran.filter(command => command.endsWith('start')).length
      assert.equal([starts(db?.ran), starts(web?.ran)], [2, 2])
    }))

  test('restarts by a plan of the moment it was planned with', () =>
    withShop(async shop => {
      stops(shop)
      await run(shop, shop.options).result
      await shop.options.clock?.sleep(5000)
      const web = input(shop, ['web'])
      const planned = JSON.parse(JSON.stringify(await plan(web, shop.options)))
      const { exitCode, recap } = await apply(planned, web, shop.options).result
      assert.equal([exitCode, recap.get('web1')?.changed], [0, 1])
    }))

  test('restarts no service that the catalogs do not have, nor none at all', () =>
    withShop(async shop => {
      const message = await refusalOf(restart(input(shop, ['dbb', 'wep']), shop.options).result)
      assert.match(message, 'unknown service "dbb"; did you mean "db"?')
      assert.match(message, 'unknown service "wep"')
      assert.match(await refusalOf(restart(input(shop, []), shop.options).result), 'no service is named')
    }))

  test('resumes a run that was left, with the hooks that it owes', () =>
    withShop(shop =>
      withJournals(shop, async options => {
        writeFileSync(
          shop.catalogs,
          readFileSync(shop.catalogs, 'utf8').replace(
            '{ hosts: db1,',
            '{ hosts: db1, after: { start: { command: /bin/tell } },',
          ),
        )
        const failed = await run(shop, options).result
        assert.equal([failed.exitCode, shop.hosts.get('web1')?.processes.size], [2, 0])
        shop.hosts.get('db1')?.commands.set('/bin/tell', () => {})
        const other = { ...shop, inventory: 'db1,web1' }
        assert.match(await refusalOf(resume('last', other, options).result), 'its inventory was /')
        assert.match(
          await refusalOf(resume('last', input(shop, ['web']), options).result),
          /cannot be resumed: it was of \/.*play\.yml, and not of web$/,
        )
        const done = await resume(failed.runId, shop, options).result
        assert.is(done.exitCode, 0)
        assert.is(shop.hosts.get('db1')?.ran.filter(command => command.includes('/bin/tell')).length, 2)
        assert.match(await refusalOf(resume(done.runId, shop, options).result), 'it was done to its end')
        assert.match(await refusalOf(resume('never', shop, options).result), 'there is no run never')
      }),
    ))

  test('resumes a restart with its own moment, and an applied plan by what that run had begun', () =>
    withShop(shop =>
      withJournals(shop, async options => {
        stops(shop)
        await run(shop, options).result
        await options.clock?.sleep(5000)
        const both = input(shop, ['db', 'web'])
        const planned = await plan(both, options)
        const cut = apply(planned, both, options)
        for await (const event of cut) if (event._tag === 'StepSucceeded') break
        assert.is((await cut.result).exitCode, 99)
        await options.clock?.sleep(5000)
        assert.match(await refusalOf(resume('last', both, options).result), 'it was kept to a plan')
        const done = await resume('last', both, { ...options, planned }).result
        assert.equal([done.exitCode, done.recap.get('db1')?.changed, done.recap.get('web1')?.changed], [0, 0, 1])
      }),
    ))

  test('explains a verdict, with what it waits for on hosts that a limit leaves out', () =>
    withShop(async shop => {
      shop.hosts.get('web1')?.spawn(['/srv/web'], { listens: [8080] })
      const catalogs = { catalogs: shop.catalogs, inventory: shop.inventory, limit: 'web1' }
      const { verdict, toRun, toStop, observation } = await explain('web@web1', catalogs, shop.options)
      assert.equal([verdict?._tag, toRun?.action._tag, toStop?.action._tag], ['running', 'None', 'Stop'])
      assert.equal(
        toRun?.waitsFor.map(({ service, host, verdict }) => [service, host, verdict?._tag]),
        [['db', 'db1', 'stopped']],
      )
      assert.is(observation?.processes._tag, 'Seen')
      const looks = [{ host: 'web1', observation: null, unreachable: 'it is away' }]
      assert.is((await explain('web@web1', catalogs, { ...shop.options, looks })).unreachable, 'it is away')
      assert.match(await refusalOf(explain('web@web2', catalogs, shop.options)), 'did you mean "web@web1"?')
    }))

  const unlocking = withSshd([], sshd =>
    withShop(async shop => {
      const keyFile = lockedKey(sshd)
      writeFileSync(
        shop.inventory,
        `all: { vars: { ansible_host: 127.0.0.1, ansible_port: ${sshd.port}, ansible_ssh_private_key_file: ${keyFile} },
          hosts: { db1: {}, web1: {} } }`,
      )
      const asked: string[] = []
      const answering =
        (...answers: readonly string[]) =>
        (path: string, attempt: number) => {
          asked.push(`${path === keyFile} ${attempt}`)
          return new Secret(answers[attempt - 1] ?? '')
        }
      const look = (passphrase: ReturnType<typeof answering>) =>
        observe(shop, { access: { home: sshd.home, agentSocket: null, passphrase } })
      assert.equal(
        (await look(answering('wrong', canary))).map(({ unreachable }) => unreachable),
        [null, null],
      )
      assert.equal(asked, ['true 1', 'true 2'])
      const refused = await refusalOf(look(answering('wrong', 'wronger', 'wrongest')))
      assert.is(refused, `the passphrase for ${keyFile} was wrong 3 times`)
      const [without] = await look(answering(''))
      assert.match(without?.unreachable ?? '', `${keyFile} is encrypted`)
      assert.not.match(without?.unreachable ?? '', canary)
    }),
  )
  test('asks a program once for the passphrase of a key that several hosts need', unlocking, { skip: withoutSshd })
})

const canary = 'Canary of 9 birds'

const lockedKey = ({ folder }: Sshd): string => {
  const keyFile = makeKey(`${folder}/locked`, 'ed25519', canary)
  appendFileSync(`${folder}/authorized_keys`, readFileSync(`${keyFile}.pub`))
  return keyFile
}
