import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import Ajv from 'ajv'
import * as assert from 'uvu/assert'
import type { RunEvent } from '../../lib/model/event.js'
import { eventLine } from '../../lib/report/json.js'
import { problemData } from '../../lib/report/problems.js'
import { eventSchema } from '../helpers/event-schema.js'
import { projectFolder, steward } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'
import { whyNoReaders } from '../lab/packages.js'
import { rightOf } from '../remote/scripts.js'
import { withoutSshd, withSshd } from '../remote/sshd.js'
import { hostile, runsOfAllKinds } from './every-event.js'

const shipped = readFileSync(`${projectFolder}schemas/events.schema.json`, 'utf8')
const documented = readFileSync(`${projectFolder}docs/events.md`, 'utf8')
const schema = JSON.parse(shipped) as Readonly<{ anyOf: readonly { $ref: string }[]; definitions: Definitions }>
type Definitions = Readonly<Record<string, Readonly<{ properties: Readonly<Record<string, unknown>> }>>>
const tags = schema.anyOf.map(({ $ref }) => $ref.slice('#/definitions/'.length))

describe('the events of --json', test => {
  test('have the schema that is shipped, made of their types (npm run schema)', async () => {
    assert.ok(shipped === eventSchema(), 'schemas/events.schema.json is not up to date')
    const { code, stdout } = await steward(['schema', 'events'])
    assert.ok(code === 0 && stdout === shipped, 'steward schema events prints something else')
  })

  test('fit it, each of every kind, and have nothing that it does not name', async () => {
    const events = (await runsOfAllKinds()).flat()
    assert.equal(
      tags.filter(tag => !events.some(({ _tag }) => _tag === tag)),
      ['HostKeyRecorded', 'InputRefused', 'LoginTried'],
    )
    for (const event of events) assertFits(eventLine(event), closed)
  })

  test('stand in a line each, whatever a host says', async () => {
    const events = (await runsOfAllKinds()).flat()
    const hostileOnes = events.filter(event => JSON.stringify(event).includes(JSON.stringify(hostile).slice(1, -1)))
    assert.ok(hostileOnes.some(({ _tag }) => _tag === 'StepUnreachable'))
    for (const event of hostileOnes) {
      const line = eventLine(event)
      assert.match(line, /^[^\p{C}\p{Zl}\p{Zp}]*$/u)
      assert.ok(JSON.stringify(JSON.parse(line)).includes(JSON.stringify(hostile).slice(1, -1)))
    }
  })

  const recorded = withSshd([], async sshd => {
    const lines: string[] = []
    const told = (event: RunEvent) => void lines.push(eventLine(event))
    rightOf(
      await sshd.connect({
        hostKeys: 'accept-new',
        knownHostsFiles: [`${sshd.folder}/none`],
        onHostKeyRecorded: (host, key) => told({ _tag: 'HostKeyRecorded', host, ...key, atMs: 0 }),
        onLoginTried: (host, login) => told({ _tag: 'LoginTried', host, ...login, atMs: 0 }),
      }),
    )
    assert.is(lines.length, 2)
    for (const line of lines) assertFits(line, closed)
  })
  test('fit it where a host key is written down, and how a login went is told', recorded, { skip: withoutSshd })

  test('fit it where there is no run, as the input is wrong', () => {
    const at = { file: 'a.yml', line: 1, column: 2 }
    const problems = problemData([
      { _tag: 'UnknownKey', at, key: 'hots', known: ['hosts'] },
      { _tag: 'BadUsage', reason: 'no' },
    ])
    assertFits(eventLine({ _tag: 'InputRefused', atMs: 0, problems }), open)
  })

  test('are in docs/events.md, each with all of its fields and an example that fits', () => {
    const sections = new Map(
      documented
        .split(/^### /m)
        .slice(1)
        .map(section => [section.split('\n')[0] ?? '', section]),
    )
    assert.equal([...sections.keys()].sort(), [...tags].sort())
    for (const [tag, section] of sections) {
      const fields = Object.keys(schema.definitions[tag]?.properties ?? {})
      const common = ['v', '_tag', 'atMs', 'id', 'play']
      assert.equal(
        fields.filter(field => !common.includes(field) && !section.includes(`\`${field}\``)),
        [],
        tag,
      )
      const [example = ''] = linesOf(section, 'json')
      assert.is(JSON.parse(example)._tag, tag)
      assertFits(example, tag === 'InputRefused' ? open : closed)
    }
  })

  test(
    'are read by jq as docs/events.md says',
    () => {
      const recipes = [...documented.matchAll(/^```sh\n(?<recipe>.*?)\n```\n\n```text\n(?<prints>.*?)\n```$/gms)]
      assert.ok(recipes.length >= 4, `${recipes.length} recipes`)
      for (const { groups } of recipes) {
        const [, filter = ''] = /\| (jq .*)$/s.exec(groups?.['recipe'] ?? '') ?? []
        const input = linesOf(documented, 'json').join('\n')
        const { stdout, stderr } = spawnSync('sh', ['-c', filter], { input, encoding: 'utf8' })
        assert.is(stdout + stderr, `${groups?.['prints']}\n`, filter)
      }
    },
    { skip: whyNoReaders() },
  )
})

const linesOf = (text: string, language: string): readonly string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)\\n\`\`\`$`, 'gms'))].map(match => match[1] ?? '')

type Judge = Readonly<{ validate: (tag: string, line: unknown) => readonly string[] }>

const judgeBy = (whole: object): Judge => {
  const ajv = new Ajv.default({ strict: true, allErrors: true, allowUnionTypes: true })
  ajv.addSchema(whole, 'events')
  return {
    validate: (tag, line) => {
      const validate = ajv.getSchema(`events#/definitions/${tag}`)
      if (validate === undefined) return [`no such event: ${tag}`]
      return validate(line) ? [] : (validate.errors ?? []).map(one => `${tag}${one.instancePath} ${one.message}`)
    },
  }
}

/** The same, and no object may have what it does not name. */
const sealed = (part: unknown): unknown => {
  if (Array.isArray(part)) return part.map(sealed)
  if (typeof part !== 'object' || part === null) return part
  const inner = Object.fromEntries(Object.entries(part).map(([key, value]) => [key, sealed(value)]))
  return 'properties' in part && 'required' in part ? { ...inner, additionalProperties: false } : inner
}

const open = judgeBy(schema)
const closed = judgeBy(sealed(schema) as object)

const assertFits = (line: string, by: Judge): void => {
  const event = JSON.parse(line)
  assert.equal(by.validate(event._tag, event), [], line.slice(0, 500))
  assert.is(event.v, 1)
}
