import { spawnSync } from 'node:child_process'
import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import { chooseByTags } from '../../lib/decide/tags.js'
import { describe } from '../helpers/test.js'
import { complaints, playbookOf } from '../helpers/written.js'
import { whyNoAnsible } from '../lab/packages.js'

describe('a choice by tags', test => {
  test('keeps the services that have one, by themselves or by their play, and drops plays without any', () => {
    assert.equal(chosen(book, ['web']), [['a', 'b'], ['c']])
    assert.equal(chosen(book, ['fast']), [['b']])
    assert.equal(chosen(book, [], ['web']), [['d']])
    assert.equal(chosen(book, [], []), [
      ['a', 'b'],
      ['c', 'd'],
    ])
  })

  test('names no tag that nothing has, and leaves something', () => {
    assert.equal(said(book, ['webb', 'x'], ['fasst']), [
      '--skip-tags:1:1: unknown tag "fasst"; did you mean "fast"?; known are web, fast, slow',
      '--tags:1:1: unknown tag "webb"; did you mean "web"?; known are web, fast, slow',
      '--tags:1:1: unknown tag "x"; known are web, fast, slow',
    ])
    assert.equal(said(book, ['fast'], ['web']), ['these tags leave no service of play.yml'])
  })

  test(
    'is what Ansible chooses, whatever tags are combined',
    () => {
      const words = ['x', 'y', 'always', 'never']
      const written = [
        [],
        ...words.map(word => [word]),
        ...words.slice(1).map(word => ['x', word]),
        ['always', 'never'],
      ]
      const given = [[], ['x'], ['y'], ['all'], ['tagged'], ['untagged'], ['always'], ['never'], ['x', 'y']]
      const cases = written.flatMap(tags => given.flatMap(only => given.map(skip => ({ tags, only, skip }))))
      const script = `import json, sys
from ansible.playbook.taggable import Taggable
class Task(Taggable):
    _loader = None
    def __init__(self, tags): self.tags = tags
print(json.dumps([Task(c['tags']).evaluate_tags(c['only'] or ['all'], c['skip'], {}) for c in json.load(sys.stdin)]))`
      const { stdout, stderr } = spawnSync('/usr/bin/python3', ['-c', script], {
        input: JSON.stringify(cases),
        encoding: 'utf8',
      })
      assert.is(stderr, '')
      const theirs = JSON.parse(stdout)
      // Beside it stands what has each of the tags, so that none is unknown.
      const others = `x: ${wish(['x'])}, y: ${wish(['y'])}`
      const differing = cases.filter(({ tags, only, skip }, i) => {
        const result = chosen(`- { ${head}, services: { it: ${wish(tags)}, ${others} } }`, only, skip)
        return result.flat().includes('it') !== theirs[i]
      })
      assert.equal(differing, [])
    },
    { skip: whyNoAnsible() },
  )
})

const head = 'hosts: all, catalog: c.yml'
const wish = (tags: readonly string[]): string => `{ state: running, tags: [${tags.join(', ')}] }`

const book = `
- { ${head}, tags: web, services: { a: running, b: { state: running, tags: "fast, slow" } } }
- { ${head}, services: { c: ${wish(['web'])}, d: running } }
`

const outcome = (text: string, tags: readonly string[], skipTags: readonly string[]) => {
  const service = '{ hosts: all, start: x, processes: { p: { args: [x] } } }'
  const catalog = `services: { ${['a', 'b', 'c', 'd', 'it', 'x', 'y'].map(name => `${name}: ${service}`).join(', ')} }`
  return chooseByTags(playbookOf({ 'play.yml': text, 'c.yml': catalog }), { tags, skipTags })
}

/** The services of each play that is left. */
const chosen = (text: string, tags: readonly string[], skipTags: readonly string[] = []): readonly string[][] => {
  const result = outcome(text, tags, skipTags)
  return E.isLeft(result) ? [] : result.right.plays.map(({ services }) => services.map(({ service }) => service.value))
}

const said = (text: string, tags: readonly string[], skipTags: readonly string[]): readonly string[] =>
  complaints(outcome(text, tags, skipTags))
