import { resolve } from 'node:path'
import * as assert from 'uvu/assert'
import { rememberInputs } from '../../lib/api/remember-inputs.js'
import { describe } from '../helpers/test.js'
import { filesOf } from '../helpers/written.js'

describe('the files a command reads', test => {
  test('are remembered by their absolute path and the hash of what was read', () => {
    const { files, inputs } = rememberInputs(filesOf({ 'play.yml': 'abc' }))
    for (const path of ['play.yml', 'play.yml', 'missing.yml']) files.read(path)
    // FIPS 180-4's own example.
    const sha256 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
    assert.equal(inputs(), [{ path: resolve('play.yml'), sha256 }])
  })
})
