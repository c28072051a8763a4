import { spawn } from 'node:child_process'
import { once } from 'node:events'
import * as assert from 'uvu/assert'
import { changedBy } from '../helpers/steward.js'
import { enterHost, hostEnv, type LabHost } from '../lab/host.js'
import { clients } from './clients.js'
import { describeFaults, type Field, type ServiceText } from './field.js'

const app: ServiceText = {
  script: '/etc/init.d/app',
  processes: { main: { args: ['/opt/app'], listens: 7000 } },
  ready: { within: '10s', stable: '1s' },
  stop: { within: '5s' },
}

/** A daemon whose second start would make a second copy. */
const initScript = `#!/bin/sh
case $1 in
start) setsid perl /opt/app </dev/null >/dev/null 2>&1 & ;;
stop) pkill -f '^perl /opt/app$' ;;
esac
`
const daemon = `#!/usr/bin/perl
use IO::Socket::INET;
my $socket = IO::Socket::INET->new(Listen => 5, LocalPort => 7000, ReuseAddr => 1) or die;
sleep 600;
`

/** In the place of the host's sshd, with the same key: nobody who knows the host has anything to learn. */
const withDropbear = async ({ host, sh, until }: Field, use: () => Promise<void>): Promise<void> => {
  await sh('kill $(cat /run/sshd.pid)')
  await until('! ss -Hltn sport = :22 | grep -q .')
  await sh('dropbearconvert openssh dropbear /etc/ssh/ssh_host_ed25519_key /run/dropbear.key')
  const server = serve(host)
  try {
    await until('ss -Hltn sport = :22 | grep -q .')
    await use()
  } finally {
    server.kill()
    await once(server, 'close')
  }
}

/** `-F -E` in the foreground, and to stderr; `-s` without passwords. */
const serve = (host: LabHost) => {
  const [command = '', ...args] = [
    ...enterHost(host),
    'dropbear',
    '-F',
    '-E',
    '-s',
    '-p',
    '22',
    '-r',
    '/run/dropbear.key',
  ]
  return spawn(command, args, { env: hostEnv, stdio: ['ignore', 'ignore', 'ignore'] })
}

describeFaults('a host whose server is dropbear', test => {
  for (const client of clients)
    test(`is looked at and acted on over ${client.name}, and nothing is started twice`, async field => {
      const { run, status, sh, install } = field
      install('/etc/init.d/app', initScript)
      install('/opt/app', daemon)
      await withDropbear(field, async () => {
        assert.match(await status(app, { client }), /^0 \S+ app stopped/)
        const started = await run(app, 'running', { client })
        assert.is(started.code, 0, started.stdout + started.stderr)
        assert.is(changedBy(started).length, 1)
        const again = await run(app, 'running', { client })
        assert.equal([again.code, changedBy(again)], [0, []], again.stdout)
        assert.is(await sh("pgrep -cf '^perl /opt/app$'"), '1')
        const stopped = await run(app, 'stopped', { client })
        assert.is(stopped.code, 0, stopped.stdout + stopped.stderr)
        assert.is(await sh("pgrep -cf '^perl /opt/app$' || true"), '0')
      })
    })
})
