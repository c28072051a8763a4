import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import * as assert from 'uvu/assert'
import type { RunEvent, RunFact } from '../../lib/model/event.js'
import type { Plan } from '../../lib/model/plan.js'
import { mapTexts } from '../../lib/model/redact.js'
import { reportOf } from '../../lib/report/html/fold.js'
import { html } from '../../lib/report/html/html.js'
import { type Shown, withChromium } from '../helpers/chromium.js'
import { describe } from '../helpers/test.js'
import { whyNoReaders } from '../lab/packages.js'
import { pageFor, runOf } from './report-runs.js'

describe('a report on a run', test => {
  test('lets no text be anything but text', () =>
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(...sharp) })), text => {
        const { markup } = html`<p title="${text}">${text}</p>`
        assert.match(markup, /^<p title="[^"<>]*">[^"<>]*<\/p>$/)
        assert.not.match(markup.replaceAll('\n', ''), /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u)
        assert.not.match(markup, /&(?!#\d+;)/)
      }),
    ))

  test('tells how each step ended, when it was at work and what it waited for', async () => {
    const report = reportOf(await runOf(4))
    const steps = report.plays.flatMap(play => play.steps)
    assert.equal(Object.fromEntries(steps.map(({ id, end }) => [id, end])), {
      'km@km1': 'changed',
      'dispatcher@km1': 'changed',
      'dispatcher@app1': 'changed',
      'worker@app1': 'changed',
      'worker@app2': 'failed',
      'worker@app3': 'unreachable',
    })
    const km = steps.find(({ id }) => String(id) === 'km@km1')
    assert.match(km?.waits[0]?.for ?? '', 'waiting for port 2013')
    assert.ok((km?.startedAtMs ?? 0) < (km?.endedAtMs ?? 0))
  })

  test('tells a step of a play that was not begun from that of another one with its service', () => {
    const step = { id: 'web@h1', host: 'h1', service: 'web', action: { _tag: 'None', why: 'ok' }, after: [], hooks: [] }
    const plan = { plays: ['one', 'two'].map(name => ({ name, steps: [step] })) } as unknown as Plan
    const facts: readonly RunFact[] = [
      { _tag: 'Planned', plan },
      { _tag: 'PlayStarted', name: 'one', play: 0 },
      { _tag: 'StepSucceeded', id: 'web@h1', play: 0, changed: true, now: 'stopped', found: null, tookMs: 1 },
      { _tag: 'StepFailed', id: 'web@h1', play: 1, why: 'a stranger', wayOut: null, output: null },
    ]
    const { plays } = reportOf(facts.map(fact => ({ ...fact, atMs: 0 })))
    assert.equal(
      plays.map(({ name, steps }) => [name, ...steps.map(({ end }) => end)]),
      [
        ['one', 'changed'],
        ['two', 'failed'],
      ],
    )
  })

  test('has signs of its own, and nothing of it that has to be escaped', async () => {
    const page = await pageFor(await runOf(4))
    assert.match(page, '<span aria-hidden="true">⚡︎</span> unreachable')
    assert.not.match(page, '\\u{')
  })

  test('says what is not known of a run that was cut off', async () => {
    const events = await runOf(4)
    const cut = events.slice(0, events.findIndex(({ _tag }) => _tag === 'StepStarted') + 1)
    const page = await pageFor(cut)
    assert.match(page, 'This run has not come to its end.')
    assert.match(page, 'what became of it is not known')
  })

  test(
    'runs nothing and asks for nothing in a browser, whatever hosts say, and fits its window',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'steward-'))
      try {
        const [few, many] = [await runOf(4), await runOf(80)]
        const pages = { hostile: await pageFor(few.map(hostile)), few: await pageFor(few), many: await pageFor(many) }
        for (const [name, page] of Object.entries(pages)) writeFileSync(join(folder, `${name}.html`), page)
        assert.ok(pages.many.length < 300_000, `${pages.many.length}`)
        await withChromium(async show => {
          for (const name of Object.keys(pages)) {
            const url = pathToFileURL(join(folder, `${name}.html`)).href
            for (const width of [1280, 400]) {
              const shown = await show(url, { width, height: 900, dark: width === 400 })
              await assertInert(shown, url)
              assert.ok(
                Number(await shown.evaluate('document.documentElement.scrollWidth')) <= width,
                `${name} ${width}`,
              )
            }
          }
        })
      } finally {
        rmSync(folder, { recursive: true })
      }
    },
    { skip: whyNoReaders() },
  )
})

const sharp = [...'<>&"\'`a;#', '\ud800', '\u202e', '\u0000']

const attack = `"'>\`</title></style></textarea><script>document.title='owned'</script><img src=http://127.0.0.1:9/x onerror="document.title='owned'"><svg onload=alert(1)><a href="javascript:alert(1)">x</a><style>@import 'http://127.0.0.1:9/y'</style><meta http-equiv=refresh content="0;url=http://127.0.0.1:9/z"><!-- {{ 7*7 }} $(id) \u001b[2J\u202e\ud800&lt;b&gt;`

/** Each text that anybody may have a say in, names of hosts and services too, and only what steers steward left as it is. */
const hostile = (event: RunEvent): RunEvent =>
  mapTexts(event, text => text + attack, new Set(['_tag', 'desired', 'moment']))

const assertInert = async ({ evaluate, asked, logged }: Shown, url: string): Promise<void> => {
  assert.equal(asked, [url])
  assert.equal(logged, [])
  assert.match(String(await evaluate('document.title')), /^Not done: /)
  const active =
    'script, img, a, iframe, object, link, style:not(head > style), [onload], [onerror], meta[http-equiv=refresh]'
  assert.is(await evaluate(`document.querySelectorAll(${JSON.stringify(active)}).length`), 0)
  assert.is(await evaluate("document.querySelectorAll('main > section, main > header').length > 4"), true)
}
