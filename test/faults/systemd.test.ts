import * as assert from 'uvu/assert'
import { daemonPath } from './daemon.js'
import { describeFaults, type Field, matches } from './field.js'
import { installSystemd, scriptPath } from './systemd.js'

describeFaults('an init script that hands itself over to systemd', test => {
  test('is started by its unit when what systemd takes for active has died, and then left alone', async field => {
    const systemd = await installSystemd(field)
    await systemd.believes('active exited')
    await field.sh(`${scriptPath} start`)
    assert.is(await running(field), '0', 'the fault: a start does nothing')

    matches(
      (await field.explain(app)).stdout,
      /start +systemctl restart app\.service +systemd takes it for active \(exited\)/,
    )
    const first = await field.run(app, 'running')
    matches(first.stdout, /^changed: \[app@/m)
    assert.is(await running(field), '1')
    matches((await field.run(app, 'running')).stdout, /nothing was changed/)
    assert.equal(await systemd.told(), ['start app.service', 'restart app.service'])

    matches((await field.run(app, 'stopped')).stdout, /^changed: \[app@/m)
    assert.is(await running(field), '0')
  })

  test('is called as ever when systemd takes it for stopped, as it is', async field => {
    const systemd = await installSystemd(field)
    matches((await field.run(app, 'running')).stdout, /^changed: \[app@/m)
    assert.equal(await systemd.told(), ['start app.service'])
    assert.is(await running(field), '1')
  })

  test('is stopped past systemd when that does not know that it runs', async field => {
    const systemd = await installSystemd(field)
    await field.sh(`_SYSTEMCTL_SKIP_REDIRECT=1 ${scriptPath} start`)
    await field.sh(`${scriptPath} stop`)
    assert.is(await running(field), '1', 'the fault: a stop does nothing')
    matches((await field.run(app, 'stopped')).stdout, /^changed: \[app@/m)
    assert.is(await running(field), '0')
    assert.equal(await systemd.told(), ['stop app.service'])
  })

  test('is called as it is declared where systemd is installed and does not run', async field => {
    const systemd = await installSystemd(field)
    await systemd.believes('active exited')
    await field.sh('rmdir /run/systemd/system')
    matches((await field.run(app, 'running')).stdout, /^changed: \[app@/m)
    assert.is(await field.sh('cat /run/told'), '', 'not even asked')
    assert.is(await running(field), '1')
  })
})

const app = {
  script: scriptPath,
  processes: { main: { args: [daemonPath, '-Dapp'] } },
  ready: { within: '20s', stable: '100ms' },
  stop: { within: '20s' },
}

const running = (field: Field): Promise<string> => field.sh(`pgrep -fc '^/usr/bin/perl ${daemonPath}' || :`)
