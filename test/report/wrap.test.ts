import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { cellsOf } from '../../lib/report/cells.js'
import { statusLines } from '../../lib/report/status.js'
import { styleFor } from '../../lib/report/style.js'
import { wrapped } from '../../lib/report/wrap.js'
import { describe } from '../helpers/test.js'

describe('a line too long for its window', test => {
  test('is broken between words, and hangs below its own column', () => {
    assert.equal(wrapped('h1  km  stopped  nobody listens on port 2013 there', 36), [
      'h1  km  stopped  nobody listens on',
      '                 port 2013 there',
    ])
    assert.equal(wrapped('failed: [km@h1] it ended after 3 s', 33), ['failed: [km@h1] it ended after', '    3 s'])
  })

  test('keeps its words, in their order, and each line fits unless it is one word', () => {
    const word = fc.string({ minLength: 1, maxLength: 12 }).map(text => text.replace(/\s/g, '.'))
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), fc.integer({ min: 20, max: 60 }), (words, width) => {
        const lines = wrapped(words.join(' '), width)
        assert.equal(lines.join(' ').split(/ +/), words)
        for (const line of lines) assert.ok(cellsOf(line) <= width || line.trim().split(' ').length <= 2, line)
      }),
    )
  })

  test('is measured without its colours', () => {
    const red = styleFor(true).bad('failed')
    assert.equal(wrapped(`${red}: it`, 10), [`${red}: it`])
    const took = styleFor(true).quiet('(3.5 s)')
    assert.equal(wrapped(`changed: it ${took}`, 16), ['changed: it', `    ${took}`])
  })
})

describe('a matrix wider than its window', test => {
  test('is parted into several, each with the hosts', () => {
    const rows = ['a', 'b'].flatMap(host =>
      ['first', 'second', 'third'].map(service => ({
        host,
        service,
        verdict: { _tag: 'Left' as const, left: 'gone' },
      })),
    )
    assert.equal(statusLines(rows, styleFor(false), 34).slice(0, 7), [
      'HOST  first        second',
      'a     unreachable  unreachable',
      'b     unreachable  unreachable',
      '',
      'HOST  third',
      'a     unreachable',
      'b     unreachable',
    ])
  })
})
