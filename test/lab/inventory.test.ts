import { load } from 'js-yaml'
import * as assert from 'uvu/assert'
import { describe } from '../helpers/test.js'
import { labHost } from './host.js'
import { inventoryText, knownHostsLine } from './inventory.js'

const host = (name: string) => labHost({ name, address: '198.18.1.1', keyFile: '/lab/key', link: 'veth1', pid: 7 })

describe('lab inventory', test => {
  test("is Ansible's, with the groups and variables asked for", () => {
    const text = inventoryText([host('km1')], { key_managers: ['km1'] }, { km_port: 2013, init_dir: '/etc/init.d' })
    assert.equal(load(text), {
      all: {
        hosts: {
          km1: { ansible_host: '198.18.1.1', ansible_user: 'root', ansible_ssh_private_key_file: '/lab/key' },
        },
        children: { key_managers: { hosts: { km1: null } } },
        vars: { km_port: 2013, init_dir: '/etc/init.d' },
      },
    })
  })

  test('names a host and its address with its key', () => {
    assert.is(knownHostsLine(host('km1'), 'ssh-ed25519 AAAA km1\n'), 'km1,198.18.1.1 ssh-ed25519 AAAA')
  })
})
