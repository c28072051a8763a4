import { setTimeout as sleep } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { describe } from '../helpers/test.js'
import { estateLayout, upEstate } from './estate.js'
import type { LabHost } from './host.js'
import { leftSince, lookForLabs } from './leftovers.js'
import { whyNoLab } from './packages.js'

describe('lab estate', test => {
  const skip = whyNoLab('estate')

  test(
    'runs real Tomcats, a second start a second one, and a stop ends the last',
    () =>
      withEstate(async host => {
        const [km1, console1] = [host('km1'), host('console1')]
        await sh(km1, '/etc/init.d/enstratus-km start')
        assert.is(await sh(km1, 'netstat -tln | grep :2013'), '', 'the port opens later')
        await sh(console1, '/etc/init.d/enstratus-api start')
        await untilIt(km1, 'netstat -tlnp | grep -q ":::2013 .*/java"')
        await untilIt(console1, 'netstat -tlnp | grep -q ":::15000 .*/java"')
        await untilIt(console1, 'netstat -tlnp | grep -q "127.0.0.1:16099 .*/java"')
        assert.is(await sh(km1, 'pgrep -c java'), '1')
        await sh(km1, '/etc/init.d/enstratus-km start')
        await untilIt(km1, 'grep -q "Address already in use" /services/km/log/tomcat.log')
        assert.is(await sh(km1, 'pgrep -c java'), '2')
        await sh(km1, '/etc/init.d/enstratus-km stop')
        await untilIt(km1, 'test "$(pgrep -c java)" = 1')
        await untilIt(km1, 'netstat -tln | grep -q :2013')
      }),
    { skip, timeoutMs: 60_000 },
  )

  test(
    'runs real jsvc daemons, each a controller and its child with the same arguments',
    () =>
      withEstate(
        async host => {
          const monitor1 = host('monitor1')
          await sh(monitor1, '/etc/init.d/enstratus-workers start')
          for (const name of ['publisher', 'subscriber']) {
            const argument = `/services/worker/bin/${name}`
            await untilIt(monitor1, `grep -q initialised /services/worker/log/${name}.log`)
            const [controller, child] = (await sh(monitor1, `pgrep -f 'jsvc.exec.* ${argument}$'`)).split('\n')
            assert.is(await sh(monitor1, `ps -o ppid= -p ${child}`), controller)
          }
          await sh(monitor1, '/etc/init.d/enstratus-workers stop')
          await untilIt(monitor1, '! pgrep jsvc')
        },
        { workerScript: 'enstratus-workers' },
      ),
    { skip, timeoutMs: 60_000 },
  )

  test(
    'has each service on its host, and leaves nothing behind though all of it runs',
    async () => {
      const before = lookForLabs()
      await withEstate(async host => {
        for (const [name, services] of Object.entries(estateLayout)) {
          for (const service of services) await sh(host(name), `/etc/init.d/enstratus-${service} start`)
        }
        await untilIt(host('monitor1'), 'test "$(pgrep -fc /services/monitor/bin/[p]oll)" = 29')
        await untilIt(host('dispatcher1'), 'netstat -tln | grep -q :3302')
      })
      assert.equal(leftSince(before), [])
    },
    { skip, timeoutMs: 60_000 },
  )
})

type Find = (name: string) => LabHost

const withEstate = async (
  use: (host: Find) => Promise<void>,
  options: Parameters<typeof upEstate>[0] = {},
): Promise<void> => {
  const lab = await upEstate(options)
  const find: Find = name => {
    const host = lab.hosts.get(name)
    if (host === undefined) throw new Error(`no host ${name}`)
    return host
  }
  try {
    await use(find)
  } finally {
    await lab.down()
  }
}

const sh = async (host: LabHost, script: string): Promise<string> =>
  (await host.exec(['sh', '-c', script])).stdout.trim()

/** Until a script on a host exits 0; the test's timer ends it otherwise. */
const untilIt = async (host: LabHost, script: string): Promise<void> => {
  while ((await host.exec(['sh', '-c', script])).code !== 0) await sleep(50)
}
