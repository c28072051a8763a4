import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { findCycle } from '../../lib/decide/graph.js'
import { describe } from '../helpers/test.js'

describe('a circle in a graph', test => {
  const edges = (count: number) => fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)), { maxLength: 3 * count })
  const graphs = fc.integer({ min: 1, max: 12 }).chain(count => fc.tuple(fc.constant(count), edges(count)))

  test('is one: each leads to the next, the last to the first, and none is passed twice', () => {
    fc.assert(
      fc.property(graphs, ([count, pairs]) => {
        const cycle = circleOf(count, pairs)
        if (cycle === null) return
        const steps = cycle.slice(1).map((to, i) => [cycle[i], to])
        assert.ok(steps.length > 0 && steps.every(([from, to]) => pairs.some(([a, b]) => a === from && b === to)))
        assert.is(cycle[0], cycle.at(-1))
        assert.is(new Set(cycle.slice(1)).size, cycle.length - 1)
      }),
    )
  })

  test('is found where there is one, and only there', () => {
    fc.assert(
      fc.property(graphs, ([count, pairs]) => assert.is(circleOf(count, pairs) !== null, canReturn(count, pairs))),
    )
  })

  test('is never found where all edges go forward', () => {
    fc.assert(
      fc.property(graphs, ([count, pairs]) => {
        const forward = pairs.filter(([from, to]) => from < to)
        assert.is(circleOf(count, forward), null)
      }),
    )
  })

  test('may be one thing by itself', () => assert.equal(circleOf(2, [[1, 1]]), [1, 1]))

  test('is found at the end of a hundred thousand, and a chain of them has none', () => {
    const count = 100_000
    const chain = (node: number) => (node + 1 < count ? [node + 1] : [])
    const ring = (node: number) => [(node + 1) % count]
    assert.is(findCycle([0], chain), null)
    assert.is(findCycle([0], ring)?.length, count + 1)
  })

  test(
    'is looked for once on each of many ways',
    () => {
      const diamonds = (node: number) => (node < 3000 ? [node + 1, node + 2] : [])
      const star = (node: number) => (node === 0 ? Array.from({ length: 200_000 }, (_, i) => i + 1) : [])
      assert.is(findCycle([0], diamonds), null)
      assert.is(findCycle([0], star), null)
    },
    { timeoutMs: 5_000 },
  )
})

type Edges = readonly (readonly [number, number])[]

const nodes = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i)

const circleOf = (count: number, pairs: Edges): readonly number[] | null =>
  findCycle(nodes(count), node => pairs.filter(([from]) => from === node).map(([, to]) => to))

/** Does any node reach itself? By Warshall's closure, which has nothing in common with a search. */
const canReturn = (count: number, pairs: Edges): boolean => {
  const all = nodes(count)
  const reach = all.map(from => all.map(to => pairs.some(([a, b]) => a === from && b === to)))
  for (const via of all) {
    for (const from of all) {
      for (const to of all) if (reach[from]?.[via] && reach[via]?.[to]) (reach[from] ?? [])[to] = true
    }
  }
  return all.some(node => reach[node]?.[node])
}
