import * as assert from 'uvu/assert'
import { mayRedraw, wantsColour } from '../../lib/cli/window.js'
import { describe } from '../helpers/test.js'

describe('what a terminal is shown', test => {
  test('is in colour where it can be and nobody says no', () => {
    assert.ok(wantsColour({ TERM: 'xterm', NO_COLOR: '' }, true))
    assert.not.ok(wantsColour({ TERM: 'xterm' }, false))
    assert.not.ok(wantsColour({ TERM: 'dumb' }, true))
    assert.not.ok(wantsColour({ TERM: 'xterm', NO_COLOR: '1', FORCE_COLOR: '1' }, true))
    assert.ok(wantsColour({ FORCE_COLOR: '1' }, false))
    assert.not.ok(wantsColour({ TERM: 'xterm', FORCE_COLOR: '0' }, true))
  })

  test('is redrawn only where somebody looks at it', () => {
    assert.ok(mayRedraw({ TERM: 'xterm', CI: 'false' }, true))
    assert.not.ok(mayRedraw({ TERM: 'xterm', CI: 'true' }, true))
    assert.not.ok(mayRedraw({ TERM: 'dumb' }, true))
    assert.not.ok(mayRedraw({ TERM: 'xterm' }, false))
  })
})
