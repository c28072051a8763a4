import * as assert from 'uvu/assert'
import { readSshArguments } from '../../lib/decide/ssh-arguments.js'
import { describe } from '../helpers/test.js'

describe('arguments for ssh in an inventory', test => {
  test('are taken apart as a shell would, and named as in ssh_config', () => {
    const text = `-J a,u@b:2222 -o 'ProxyCommand=nc -X 5 %h "%p"' -p22 -oport=23 -o "hostkeyalias x" -i '/a b/key'`
    assert.equal(read(text), {
      sshOptions: [
        ['ProxyJump', 'a,u@b:2222'],
        ['ProxyCommand', 'nc -X 5 %h "%p"'],
        ['Port', '22'],
        ['Port', '23'],
        ['HostKeyAlias', 'x'],
        ['IdentityFile', '"/a b/key"'],
      ],
    })
    assert.equal(read('  -F ~/.ssh/lab '), { sshOptions: [], configFile: '~/.ssh/lab' })
    assert.equal(read(''), { sshOptions: [] })
  })

  test('that have no meaning here are a mistake, not left out', () => {
    for (const [text, said] of [
      ['-C', '"-C" has no meaning here'],
      ['-o ControlMaster=auto', '"-o ControlMaster=auto" has no meaning here'],
      ['host', '"host" has no meaning here'],
      ['-o Port', '"-o Port" has no meaning here'],
      ['-o StrictHostKeyChecking=no', 'would trust any host'],
      ['-p', '-p needs a value'],
      [`-o 'Port=1`, 'a quote is not closed'],
    ] as const)
      assert.ok(JSON.stringify(read(text)).includes(JSON.stringify(said).slice(1, -1)), text)
  })
})

const read = (text: string) => {
  const result = readSshArguments(text)
  return result._tag === 'Right' ? result.right : result.left
}
