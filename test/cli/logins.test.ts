/** Who asks for it hears how each login went; nobody else does. */
import { writeFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { contextOf } from '../../lib/api/options.js'
import { contextFor } from '../../lib/cli/context.js'
import { silentScreen } from '../../lib/cli/screen.js'
import type { RunFact } from '../../lib/model/event.js'
import type { HostName } from '../../lib/model/names.js'
import type { Transport } from '../../lib/remote/transport.js'
import { stewardHere } from '../helpers/steward-here.js'
import { describe } from '../helpers/test.js'
import { rightOf } from '../remote/scripts.js'
import { optionsFor, type Sshd, withoutSshd, withSshd } from '../remote/sshd.js'

const logIn = async (transport: Transport, { port }: Sshd): Promise<void> => {
  const route = { _tag: 'Ssh', address: '127.0.0.1', port, user: null, keyFile: null } as const
  await rightOf(await transport.connect('web1' as HostName, route)()).close()
}

describe('how logins went', test => {
  const asked = withSshd([], async sshd => {
    for (const [verbose, told] of [
      [3, ['LoginTried web1']],
      [2, []],
    ] as const) {
      const heard: string[] = []
      const show = (fact: RunFact) => void heard.push(`${fact._tag} ${'host' in fact ? fact.host : ''}`)
      const options = {
        inventory: [],
        forks: 1,
        maxAnswer: 1,
        shipped: '',
        defaults: new Map(),
        hostKey: 'strict',
      } as const
      const access = { ...optionsFor(sshd.home), password: null, becomePassword: null }
      await logIn(contextFor({ ...options, verbose }, access, { ...silentScreen, show }).transport, sshd)
      const { transport } = await contextOf(
        { plays: [], routes: new Map(), lookAs: new Map() },
        { access: { ...optionsFor(sshd.home), tellLogins: verbose === 3 } },
        show,
      )
      await logIn(transport, sshd)
      assert.equal(heard, [...told, ...told])
    }
  })
  const checked = withSshd([], async ({ folder, home, port, user }) => {
    writeFileSync(`${folder}/hosts.yml`, `all: { hosts: { web1: { ansible_host: 127.0.0.1, ansible_port: ${port} } } }`)
    const environment = { HOME: home, SSH_AUTH_SOCK: '' }
    const said = await stewardHere(['check', '-i', `${folder}/hosts.yml`, '-v'], environment)
    assert.match(said.stderr, `[web1] ssh2: ${user}@127.0.0.1 port ${port}: logged in (`)
    assert.match(said.stderr, `  ${home}/.ssh/id_ed25519: taken\n`)
    assert.not.match(said.stdout, 'id_ed25519')
    // A secret is hidden, wherever it stands.
    const secret = ['-e', 'ansible_password=id_ed25519', '-v']
    const hidden = await stewardHere(['check', '-i', `${folder}/hosts.yml`, ...secret], environment)
    assert.match(hidden.stderr, `  ${home}/.ssh/***: taken\n`)
    assert.is((await stewardHere(['check', '-i', `${folder}/hosts.yml`], environment)).stderr, '')
  })
  test('is told by steward check -v, apart from what it has found', checked, { skip: withoutSshd })

  test('is told of with -vvv, and to programs that want to know', asked, { skip: withoutSshd })
})
