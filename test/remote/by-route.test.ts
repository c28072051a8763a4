import type { Route } from '../../lib/model/inventory.js'
import type { HostName } from '../../lib/model/names.js'
import { transportByRoute } from '../../lib/remote/by-route.js'
import { describe } from '../helpers/test.js'
import { assertError, rightOf, run } from './scripts.js'
import { freePort, optionsFor } from './sshd.js'

describe('transport by route', test => {
  test('reaches this machine without ssh', async () => {
    await run(rightOf(await reach({ _tag: 'Local' })), 'echo\n')
  })

  test('reaches the others over ssh', async () => {
    const port = await freePort()
    assertError(
      await reach({ _tag: 'Ssh', address: '127.0.0.1', port, user: null, keyFile: null }),
      'Unreachable',
      'sshd',
    )
  })
})

const reach = (route: Route) => transportByRoute(optionsFor('/nonexistent')).connect('h' as HostName, route)()
