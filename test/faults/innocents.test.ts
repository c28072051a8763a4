import * as assert from 'uvu/assert'
import { wanted } from '../helpers/random.js'
import { describe } from '../helpers/test.js'
import { whyNoLab } from '../lab/packages.js'
import { misleadByNames, misleadByPidFiles } from './innocents.js'
import { passPid, reusePids } from './pid-reuse.js'
import { births, stopping, until, withStubs } from './stubs.js'

describe('an innocent', test => {
  const options = { skip: whyNoLab('hosts'), timeoutMs: 3_600_000 }

  test(
    'that got the pid of a victim after the look gets no signal',
    async () => void (await reusePids(wanted(8))),
    options,
  )

  test(
    'that got the pid of a victim while its stop command ran gets no signal, and is not waited for',
    () =>
      withStubs({ web: { stop: swap, keys: stopping('2s', 'TERM', '1s', 'KILL') } }, async ({ run, sh, log }) => {
        await sh('/etc/init.d/web start')
        await until(() => births(log('web')) === 1)
        const { code, stdout } = await run({ web: 'stopped' })
        assert.is(code, 0, stdout)
        assert.not.match(stdout, 'sent ')
        const [pid] = (await sh('cat /run/web.pid')).split('\n')
        assert.equal(log('canary'), [`${pid} born`], 'the same pid, and no signal')
      }),
    options,
  )

  test('that a stale pid file names gets no signal', async () => void (await misleadByPidFiles(wanted(10))), options)

  test(
    'that calls itself as a victim does gets no signal',
    async () => void (await misleadByNames(wanted(10))),
    options,
  )
})

/** Ends the service, and gives its pid to another. */
const swap = `pid=$(cat $pidfile)
  ${passPid('$pid', 'perl /opt/stubd other')}
  until grep -q "^$pid born" /var/log/stub/canary; do sleep 0.01; done`
