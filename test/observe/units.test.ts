import * as assert from 'uvu/assert'
import { unitNameOf } from '../../lib/model/unit.js'
import { askForUnits, parseUnits } from '../../lib/observe/units.js'
import { describe } from '../helpers/test.js'

/** As systemd 252 prints it for the properties that are asked for. */
const block = (parts: Readonly<Record<string, string>> = {}): string =>
  Object.entries({
    LoadState: 'loaded',
    ActiveState: 'active',
    SubState: 'exited',
    SourcePath: '/etc/init.d/km',
    FragmentPath: '/run/systemd/generator.late/km.service',
    ...parts,
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')

const unitOf = (parts: Readonly<Record<string, string>>, script = '/etc/init.d/km') =>
  parseUnits([script], block(parts)).get(script)

describe('the unit of an init script', test => {
  test('has the name of the script, which is one of the folder that systemd reads', () => {
    const names = [
      '/etc/init.d/km',
      '/etc/rc.d/init.d/km.sh',
      '/opt/km/init',
      '/etc/init.d/a b',
      '/etc/init.d/x/y',
      'km',
    ]
    assert.equal(names.map(unitNameOf), ['km.service', 'km.service', null, null, null, null])
  })

  test('is asked for with all others in one call, and never where no script can have one', () => {
    const asked = askForUnits(['/etc/init.d/km', '/opt/app/init', '/etc/init.d/db'])
    assert.match(asked, / km\.service db\.service 2>/)
    assert.is(askForUnits(['/opt/app/init']), '')
  })

  test('is what systemd made of this very script, by either name of its folder', () => {
    const seen = { name: 'km.service', active: 'active', sub: 'exited' }
    assert.equal(unitOf({}), seen)
    assert.equal(unitOf({ SourcePath: '/etc/rc.d/init.d/km' }), seen)
    assert.equal(unitOf({ FragmentPath: '' }), seen, 'systemd before 220')
  })

  test('is not one that somebody wrote, of another script, masked or not there', () => {
    for (const parts of [
      { FragmentPath: '/etc/systemd/system/km.service' },
      { FragmentPath: '/usr/lib/systemd/system/km.service', SourcePath: '' },
      { SourcePath: '/etc/init.d/km2' },
      { SourcePath: '/home/km/km' },
      { LoadState: 'not-found' },
      { LoadState: 'masked' },
      { ActiveState: '' },
    ])
      assert.is(unitOf(parts), undefined, JSON.stringify(parts))
  })

  test('is told from its neighbours by its place in the answer, which must be whole', () => {
    const scripts = ['/etc/init.d/km', '/opt/none', '/etc/init.d/db']
    const db = block({ SourcePath: '/etc/init.d/db', ActiveState: 'inactive', SubState: 'dead' })
    const seen = parseUnits(scripts, `${block()}\n${db}`)
    assert.equal(
      [...seen].map(([script, { active }]) => [script, active]),
      [
        ['/etc/init.d/km', 'active'],
        ['/etc/init.d/db', 'inactive'],
      ],
    )
    for (const body of ['', block(), `${block()}\n${db}\n${db}`]) assert.is(parseUnits(scripts, body).size, 0)
  })
})
