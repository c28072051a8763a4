import { chmodSync, writeFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { changedBy } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'
import { addUser, type LabHost } from '../lab/host.js'
import { whyNoLab } from '../lab/packages.js'
import { clients } from './clients.js'
import { births, type Stub, type Tools, withStubs } from './stubs.js'

const slow = { skip: whyNoLab('hosts'), timeoutMs: 60_000 }

/** The login shell of op: after so many commands none that follows may fork (RLIMIT_NPROC; root would be exempt). */
const limitedAfter = async (host: LabHost, commands: number): Promise<void> => {
  await addUser(host, 'op')
  const shell = `${host.root}/opt/limited`
  writeFileSync(
    shell,
    `#!/bin/bash
echo >>/tmp/commands
mapfile -t commands </tmp/commands
[ \${#commands[@]} -le ${commands} ] || ulimit -u 1
exec /bin/sh "$@"
`,
  )
  chmodSync(shell, 0o755)
  await host.exec(['sh', '-c', 'usermod -s /opt/limited op; chmod 777 /var/log/stub /run'])
}

/** Each is what the host's shell says, whichever it is. */
const noFork = /[Cc]annot fork|Resource temporarily unavailable|fork: retry/

const withFew = (commands: number, stub: Stub, use: (tools: Tools) => Promise<void>) => () =>
  withStubs({ web: stub }, async tools => {
    await limitedAfter(tools.host(), commands)
    await use(tools)
  })

describe('a host that has no process left for its login', test => {
  for (const { name, args } of clients) {
    const asOp = { args: [...args, '-e', 'ansible_user=op'] }

    const looking = withFew(0, {}, async ({ call, run, lab, calls, pids }) => {
      const status = await call(['status', '-c', `${lab.folder}/catalog.yml`, '-i', lab.inventory, ...asOp.args]).said
      assert.is(status.code, 4, status.stdout)
      assert.match(status.stdout, /^one +web +un(reachable|known)/m)
      assert.ok(noFork.test(status.stdout), status.stdout)
      const ran = await run({ web: 'running' }, asOp)
      assert.equal([ran.code, changedBy(ran)], [4, []], ran.stdout)
      assert.ok(noFork.test(ran.stdout), ran.stdout)
      assert.equal([calls('web'), await pids('web')], [0, []])
    })
    test(`is not known, in its own words, over ${name}`, looking, slow)

    const starting = withFew(1, {}, async ({ host, run, calls, log }) => {
      const { code, stdout } = await run({ web: 'running' }, asOp)
      assert.ok(code === 2 || code === 4, stdout)
      assert.ok(noFork.test(stdout), stdout)
      assert.equal([calls('web'), births(log('web'))], [0, 0], stdout)
      await host().exec(['usermod', '-s', '/bin/sh', 'op'])
      const again = await run({ web: 'running' }, asOp)
      assert.equal([again.code, changedBy(again)], [0, ['web@one']], again.stdout)
      assert.equal([calls('web'), births(log('web'))], [1, 1])
    })
    test(`is not acted on where they run out between the look and the start, over ${name}`, starting, slow)

    const launched = withFew(1000, { start: 'exec prlimit --nproc=1 sh -c "(:; :)"' }, async ({ run, calls, log }) => {
      const { code, stdout } = await run({ web: 'running' }, asOp)
      assert.is(code, 2, stdout)
      assert.ok(noFork.test(stdout), stdout)
      assert.equal([calls('web'), births(log('web'))], [1, 0])
    })
    test(`is told by what its start command printed, which is called once, over ${name}`, launched, slow)
  }
})
