import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { graphServices } from '../../lib/decide/service-graph.js'
import type { ServiceName } from '../../lib/model/names.js'
import type { GraphNode, ServiceGraph } from '../../lib/model/service-graph.js'
import { dotOf } from '../../lib/report/dot.js'
import { svgOf } from '../../lib/report/svg.js'
import { estate } from '../helpers/estate.js'
import { stewardHere } from '../helpers/steward-here.js'
import { describe } from '../helpers/test.js'

describe('the graph of a playbook', test => {
  test('has each service once, with what is wished of it and on how many hosts', () => {
    assert.equal(graphServices(small.expand(upThenDown))[0], {
      name: 'Up',
      nodes: [
        { service: 'web', state: 'running', hosts: 2 },
        { service: 'app', state: 'restarted', hosts: 2 },
        { service: 'db', state: 'looked at', hosts: 1 },
      ],
      edges: [
        ['app', 'web'],
        ['db', 'app'],
      ],
    })
  })

  test('turns the order round for stops, and leaves out what is to go on', () => {
    assert.equal(graphServices(small.expand(upThenDown))[1]?.edges, [['web', 'app']])
  })

  test('has the batches of a play as one', () => {
    const [play, ...more] = graphServices(small.expand(`- {${head}, serial: 1, services: { web: running } }`))
    assert.is(more.length, 0)
    assert.is(play?.nodes.find(({ service }) => service === 'web')?.hosts, 2)
  })

  test('says nothing that Graphviz could take for anything but a label', async () => {
    const odd = ['"]; x -> y; a [label="', '\\', '\\N\\G\\"', '</text><script>alert(1)</script>', '&lt;b&gt;', '<b>']
    const labels = fc.array(fc.string({ unit: 'binary' }), { minLength: 20, maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(labels, async random => {
        const nodes = [...odd, ...random].map(node)
        const graph: ServiceGraph = [{ name: '"\\', nodes, edges: [] }]
        const svg = await svgOf(dotOf(graph))
        const ids = [...svg.matchAll(/<title>(.*)<\/title>/g)].map(match => match[1])
        assert.equal(ids, ['steward', 'cluster_0', ...nodes.map((_node, i) => `p0_${i}`)])
        assert.not.match(svg.replaceAll('\n', ''), /<script|<b>|\p{Cc}/u)
        const shown = [...svg.matchAll(/<text [^>]*>(.*)<\/text>/g)].map(match => unescaped(match[1] ?? ''))
        assert.equal(shown.slice(0, 1), ['1. "\\'])
        for (const one of odd) assert.ok(shown.includes(one), one)
      }),
      { numRuns: 5 },
    )
  })

  test('is drawn by the ending of its file, without a look at any host', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'steward-'))
    try {
      const file = join(folder, 'all.svg')
      const drawn = await stewardHere(['graph', 'playbooks/start-all.yml', '-i', 'inventory/four.yml', '-o', file])
      assert.equal(drawn, { code: 0, stdout: '', stderr: '' })
      assert.match(readFileSync(file, 'utf8'), /^<svg [\s\S]*>dispatcher<[\s\S]*<\/svg>\n$/)
      const lost = await stewardHere(['graph', 'playbooks/start-all.yml', '-o', join(folder, 'no/all.dot')])
      assert.is(lost.code, 2)
      assert.match(lost.stderr, 'the graph cannot be written to')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

const head = 'name: Up, hosts: all, catalog: catalog.yml'

const small = estate(
  `services:
  db: { hosts: a, start: x, processes: { p: { args: [db] } } }
  app: { hosts: all, requires: db, start: x, processes: { p: { args: [app] } } }
  web: { hosts: all, requires: app, start: x, processes: { p: { args: [web] } } }
`,
  'all: { hosts: { a: {}, b: {} } }',
)

const upThenDown = `
- {${head}, services: { web: running, app: { state: running, started_after: "2026-01-01T00:00:00Z" } } }
- { name: Down, hosts: all, catalog: catalog.yml, services: { web: stopped, app: stopped } }
`

const node = (service: string): GraphNode => ({ service: service as ServiceName, state: 'running', hosts: 1 })

const unescaped = (xml: string): string =>
  xml
    .replaceAll('&#160;', ' ')
    .replace(/&#(\d+);/g, (_all, code) => String.fromCodePoint(Number(code)))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
