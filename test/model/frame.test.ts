import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import { frameFunctions, readFrame, type Section } from '../../lib/model/frame.js'
import { describe } from '../helpers/test.js'
import { cutsOf } from '../observe/captures.js'
import { leftOf, rightOf } from '../observe/either.js'
import { framed } from './frames.js'

describe('a frame', test => {
  test('is read as the shell prints it', () => {
    const script = `${frameFunctions(nonce)}\nframe begin\nsection a sh\nprintf 'x y'\nended 3\nsection b sh\nended 0\nframe end\n`
    assert.equal(read(spawnSync('/bin/sh', { input: script }).stdout.toString()), [
      { name: 'a', tool: 'sh', code: 3, body: 'x y' },
      { name: 'b', tool: 'sh', code: 0, body: '' },
    ])
  })

  test('gives back any text between its marks: newlines, NULs, marks of other frames', () =>
    fc.assert(fc.property(fc.array(section), sections => assert.equal(read(framed(nonce, sections)), sections))))

  test('is found in any noise', () =>
    fc.assert(
      fc.property(hostileText, hostileText, (before, after) =>
        assert.equal(read(before + framed(nonce, some) + after), some),
      ),
    ))

  test('is never read as whole when it is cut', () => {
    for (const cut of cutsOf(framed(nonce, some))) assert.ok(E.isLeft(readFrame(nonce, cut)), cut)
    fc.assert(
      fc.property(fc.array(section), fc.nat(), (sections, n) => {
        const whole = framed(nonce, sections)
        assert.ok(E.isLeft(readFrame(nonce, whole.slice(0, n % whole.length))))
      }),
    )
  })

  test('is never read as whole when a line of it is missing', () => {
    const marks = framed(nonce, some).split(`\nsteward-${nonce} `)
    for (let i = 1; i < marks.length; i += 1)
      assert.ok(E.isLeft(readFrame(nonce, marks.toSpliced(i, 1).join(`\nsteward-${nonce} `))), marks[i])
  })

  test('is not believed with text between two sections', () => {
    const whole = framed(nonce, some)
    assert.match(refusal(whole.replace('close 0\n', 'close 0\nMessage from root: reboot\n')), 'between two sections')
  })

  test('is not believed with a section inside another, or a mark that is none of its own', () => {
    assert.match(refusal(framed(nonce, some).replace('close 0', 'open c sh')), 'garbled in the section a')
    assert.match(refusal(framed(nonce, some).replace('close 0', 'close 0x')), 'garbled in the section a')
    assert.match(refusal(framed(nonce, some).replace('open b', 'open ../b')), 'between two sections')
  })

  test('says which section was cut short', () =>
    assert.match(
      refusal(framed(nonce, some).slice(0, framed(nonce, some).lastIndexOf('close'))),
      'cut short in the section b',
    ))

  test('that never began is told by what the host said instead', () => {
    assert.match(refusal('This account is\n  currently not available.\n'), '"This account is currently not available."')
    assert.match(refusal(''), 'nothing')
    assert.ok(refusal('x'.repeat(10_000)).length < 200)
  })
})

const nonce = '0123456789abcdef'

const some: readonly Section[] = [
  { name: 'a', tool: 'ps', code: 0, body: '\nx\n\n' },
  { name: 'b', tool: 'ss', code: 127, body: '' },
]

const hostileText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.constantFrom('\n', '\0', 'steward-', 'f00', ' begin', ' end\n', ' close 0\n', ' open a sh\n'))
    .map(parts => parts.join('')),
)

const section: fc.Arbitrary<Section> = fc.record(
  { name: fc.constantFrom('ps', 'stat'), tool: fc.constantFrom('sh', 'grep'), code: fc.nat(255), body: hostileText },
  { noNullPrototype: true },
)

const read = (output: string): readonly Section[] => rightOf(readFrame(nonce, output))

const refusal = (output: string): string => leftOf(readFrame(nonce, output))
