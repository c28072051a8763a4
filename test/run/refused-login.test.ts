import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import type { HostName } from '../../lib/model/names.js'
import { transportByRoute } from '../../lib/remote/by-route.js'
import type { Transport } from '../../lib/remote/transport.js'
import { systemClock } from '../../lib/run/clock.js'
import { HostSession } from '../../lib/run/host-session.js'
import { requestFor } from '../../lib/run/probe-request.js'
import { describe } from '../helpers/test.js'
import { takesPassword, withPasswordServer } from '../remote/password-server.js'
import { makeKey, optionsFor, withoutSshd, withSshd } from '../remote/sshd.js'

const skip = withoutSshd

describe('a login that was refused', test => {
  const password = withPasswordServer(takesPassword, 'wrong', async ({ transport, route, attempts, connections }) => {
    await lookOften(transport, route)
    assert.equal(attempts, ['none', 'password wrong'])
    assert.is(connections(), 1)
  })
  test('is not repeated in the run, with a password', password, { skip })

  const hungUp = withPasswordServer(
    (context, note, socket) => {
      if (context.method !== 'password') return context.reject(['password'])
      note('password')
      socket.destroy()
    },
    'wrong',
    async ({ transport, route, attempts, connections }) => {
      await lookOften(transport, route)
      assert.equal(attempts, ['none', 'password'])
      assert.is(connections(), 1)
    },
  )
  test('is not repeated in the run, where the host hung up on the password', hungUp, { skip })

  const key = withSshd(['MaxAuthTries 1', 'LogLevel DEBUG1'], async ({ folder, home, port, log, logged }) => {
    const keyFile = makeKey(`${folder}/wrong`)
    const route = { _tag: 'Ssh', address: '127.0.0.1', port, user: null, keyFile } as const
    await lookOften(transportByRoute(optionsFor(home)), route)
    await logged('[preauth]')
    assert.is(log().split('Connection from').length - 1, 1)
    assert.is(log().match(/userauth-request for user \S+ service ssh-connection method publickey/g)?.length, 1)
  })
  test('is not repeated in the run, with a key', key, { skip })
})

const lookOften = async (transport: Transport, route: ConstructorParameters<typeof HostSession>[1]): Promise<void> => {
  const settings = { transport, clock: systemClock }
  const session = new HostSession('h' as HostName, route, requestFor([], []), settings)
  try {
    for (let i = 0; i < 3; i += 1) {
      const look = await session.look()
      assert.is(E.isLeft(look) && look.left._tag, 'LoginRefused')
      await session.close()
    }
  } finally {
    await session.close()
  }
}
