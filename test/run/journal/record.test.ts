import fc from 'fast-check'
import * as assert from 'uvu/assert'
import type { JournalEntry } from '../../../lib/model/journal.js'
import { hideSecrets } from '../../../lib/run/journal/hide.js'
import { readRecords } from '../../../lib/run/journal/record.js'
import { describe } from '../../helpers/test.js'
import { closed, concluded, intended, km, linesOf, opened, recordsOf } from './builders.js'

const records = recordsOf([opened, intended(), concluded(), { _tag: 'Interrupted' }, closed()])
const lines = linesOf(records)
const whole = lines.join('')

describe('a journal as text', test => {
  test('reads back as it was written, whatever a host said', () =>
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), said => {
        const some = recordsOf([opened, ...said.map(words => concluded(km, words))])
        const text = linesOf(some).join('')
        // JSON has no lone surrogates' own form, so they are compared by it.
        assert.equal(JSON.stringify(readRecords(text)), JSON.stringify({ records: some, tail: { _tag: 'Whole' } }))
        assert.match(text, /^[\n\x20-\x7e]*$/)
      }),
    ))

  test('cut short at any byte gives the records before the cut and says that it is torn', () => {
    const ends = new Map<number, number>([[0, 0]])
    for (const [i] of lines.entries()) ends.set(lines.slice(0, i + 1).join('').length, i + 1)
    let sound = 0
    for (let length = 0; length <= whole.length; length++) {
      const atEnd = ends.get(length)
      sound = atEnd ?? sound
      const read = readRecords(whole.slice(0, length))
      assert.equal(read.records, records.slice(0, sound))
      const tail = atEnd === undefined ? { _tag: 'Torn', line: sound + 1, reason: 'it has no end' } : { _tag: 'Whole' }
      assert.equal(read.tail, tail, `cut at byte ${length}`)
    }
  })

  test('with any bit flipped is found out, at the line that was hit, and gives no record that was not written', () => {
    const bytes = Buffer.from(whole, 'latin1')
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const damaged = Buffer.from(bytes)
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      const { records: read, tail } = readRecords(damaged.toString('latin1'))
      const hit = whole.slice(0, bit >> 3).split('\n').length
      if (tail._tag === 'Whole')
        throw new Error(`bit ${bit} of ${whole.slice(bit >> 3, (bit >> 3) + 20)} went unnoticed`)
      assert.equal([tail.line, read], [hit, records.slice(0, hit - 1)])
      // Nothing sound follows a hit on the last line, nor one on the break before it.
      const last = bit >> 3 >= whole.length - (lines.at(-1)?.length ?? 0) - 1
      assert.is(tail._tag, last ? 'Torn' : 'Damaged')
    }
  })

  test('tells damage in the middle from a torn end and still gives what follows', () => {
    const text = whole.replace('/init/km start', '/init/km stop ')
    assert.equal(readRecords(text), {
      records: records.slice(0, 1),
      tail: { _tag: 'Damaged', line: 2, reason: 'its checksum does not match', beyond: records.slice(2) },
    })
  })

  test('notices a line that is missing, one that is there twice, and two that were exchanged', () => {
    const [a = '', b = '', c = '', d = '', e = ''] = lines
    assert.equal(damageOf([a, c, d, e]), [2, 'it is record 3 where 2 should be'])
    assert.equal(damageOf([a, b, b, c]), [3, 'it is record 2 where 3 should be'])
    assert.equal(damageOf([a, c, b, d]), [2, 'it is record 3 where 2 should be'])
    assert.equal(damageOf([b, c, d]), [1, 'it is record 2 where 1 should be'])
  })

  test('notices a line of another journal in the place of its own', () => {
    const [, other = ''] = linesOf(recordsOf([{ ...opened, forks: 3 } as typeof opened, intended(), concluded()]))
    assert.equal(damageOf([lines[0] ?? '', other]), [2, 'it does not follow the one before'])
  })

  test('takes zeros after the end, as some file systems leave them in a crash, for a torn end', () =>
    assert.equal(readRecords(`${whole}${'\0'.repeat(4096)}`).tail, { _tag: 'Torn', line: 6, reason: 'it has no end' }))

  test('reads what was written when there could be but one inventory', () => {
    const old = { ...opened, inventory: '/hosts.yml', atMs: 1 } as never
    assert.equal(readRecords(linesOf([old]).join('')).records, [{ ...opened, atMs: 1 }])
  })

  test('says of a sound record that it does not know that it is of another version', () => {
    const { tail } = readRecords(linesOf([{ _tag: 'Frobnicated', atMs: 1 } as never]).join(''))
    assert.equal(tail, { _tag: 'Torn', line: 1, reason: 'it is a record of another version of steward' })
  })
})

const damageOf = (some: readonly string[]): readonly unknown[] => {
  const { tail } = readRecords(some.join(''))
  return tail._tag === 'Damaged' ? [tail.line, tail.reason] : [tail]
}

describe('a secret', test => {
  test('is in no free text of a record, as it is or quoted for a shell, and its longer form goes first', () => {
    const command = "login --password='s3'\\''cret' s3'cret s3'cret-long"
    const [record] = recordsOf([intended(km, command)])
    if (record === undefined) throw new Error('no record')
    const text = JSON.stringify(hideSecrets(record, ["s3'cret", "s3'cret-long"]))
    assert.match(text, "login --password='***' *** ***\"")
  })

  test('that is a word of the journal itself leaves the record readable', () => {
    const secrets = ['RunOpened', 'changed', 'km@km1', 'host', 'afterStart']
    const due: JournalEntry = { _tag: 'HooksDue', id: km, moments: ['afterStart'] }
    const hidden = [opened, concluded(), intended(), due].flatMap(entry =>
      recordsOf([entry]).map(one => hideSecrets(one, secrets)),
    )
    assert.equal(
      readRecords(linesOf(hidden).join('')).records.map(({ _tag }) => _tag),
      ['RunOpened', 'Concluded', 'Intended', 'HooksDue'],
    )
  })

  test('that is empty hides nothing', () => {
    const records = recordsOf([opened, concluded()])
    assert.equal(
      records.map(record => hideSecrets(record, ['', 'canary'])),
      records,
    )
  })

  test('is hidden among the options too, whatever they are called', () => {
    const [record] = recordsOf([{ ...opened, more: { host: 'canary', 'extra-vars': ['p=canary'] } } as typeof opened])
    if (record === undefined) throw new Error('no record')
    assert.not.match(JSON.stringify(hideSecrets(record, ['canary'])), 'canary')
  })
})
