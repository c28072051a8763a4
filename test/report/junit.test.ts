import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import * as assert from 'uvu/assert'
import type { RunEvent } from '../../lib/model/event.js'
import { mapTexts } from '../../lib/model/redact.js'
import { junitXml } from '../../lib/report/junit.js'
import { projectFolder } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'
import { whyNoReaders } from '../lab/packages.js'
import { both, twoHosts } from '../run/builders.js'
import { runsOfAllKinds, timed } from './every-event.js'

describe('JUnit XML', test => {
  test(
    'is taken by a strict parser and the schema of Jenkins, whatever texts are in it and wherever it ends',
    async () => {
      const runs = await runsOfAllKinds()
      const whole = runs.map(junitXml)
      const cut = runs.flatMap(run => [0, 1, 4, 8, 12].map(end => junitXml(run.slice(0, end))))
      const texts = fc.sample(fc.string({ unit: 'binary', maxLength: 20 }), { numRuns: 150, seed: 7 })
      const spoilt = texts.map((text, i) =>
        junitXml(mapTexts(runs[i % runs.length] ?? [], one => `${text}${one}${text}`)),
      )
      const rejected = invalid([...whole, ...cut, ...spoilt])
      assert.is(rejected, '')
      assert.match(invalid(['<testsuites><a/></testsuites>']), /fails to validate/)
    },
    { skip: whyNoReaders() },
  )

  test('has a suite for each play and a case for each of its services, though two plays have the same ones', async () => {
    const [, bounced = []] = await runsOfAllKinds()
    assert.equal(casesIn(junitXml(bounced)), [
      'all',
      'app1 dispatcher stopped',
      'km1 km stopped',
      'all',
      'km1 km running',
      'app1 dispatcher running',
    ])
    const [, time] = /name="km stopped" time="([\d.]+)"/.exec(junitXml(bounced)) ?? []
    assert.is(time, '3.000')
  })

  test('tells failures, what was skipped, and why a rollout was stopped', async () => {
    const stopped = junitXml((await runsOfAllKinds()).at(-1) ?? [])
    assert.equal(casesIn(stopped), [
      'web, batch 1 of 3',
      'h1 web running',
      'web, batch 2 of 3',
      'h2 web running',
      'web rollout',
      'web, batch 3 of 3',
      'h3 web running',
      'Rollback of web: stop',
      'h2 web',
    ])
    assert.match(stopped, /<testsuites name="steward" tests="5" failures="2" errors="0" /)
    assert.match(stopped, /<failure message="it is not running after 5 s; it is stopped" type="failed">/)
    assert.match(stopped, /printed:\nStarting\.\n/)
    assert.match(stopped, /<skipped message="the rollout was stopped: h2 failed, and any_errors_fatal is set"\/>/)
  })

  test('calls an error what nobody knows: a host out of reach, a run that was cut short, another end', async () => {
    const [started = [], , away = []] = await runsOfAllKinds()
    assert.match(junitXml(away), /<testcase classname="app1" name="dispatcher running" time="0.000">\n<error /)
    const begun = started.findIndex(({ _tag }) => _tag === 'StepStarted')
    const cut = junitXml(started.slice(0, begun + 1))
    assert.match(cut, /name="km running".*\n<error message="what became of it is not known"/)
    assert.match(cut, /name="dispatcher running".*\n<skipped message="the run ended before it"/)
    assert.match(cut, /name="run".*\n<error message="the run was cut short"/)
    const declined: readonly RunEvent[] = timed([
      { _tag: 'RunStarted', playbook: 'p', hosts: [] },
      { _tag: 'RunEnded', recap: new Map(), exitCode: 99 },
    ])
    assert.match(junitXml(declined), /<error message="the run ended with 99" type="run">/)
  })

  test('has nothing bad in it where all is well', async () => {
    const { facts } = await twoHosts().run(both)
    assert.match(junitXml(timed(facts)), /tests="2" failures="0" errors="0"/)
  })
})

/** Names of suites, and `classname name` of cases. */
const casesIn = (xml: string): readonly string[] =>
  [...xml.matchAll(/<test(?:suite|case classname="(?<host>[^"]*)") name="(?<name>[^"]*)"/g)].map(({ groups }) =>
    groups?.['host'] === undefined ? `${groups?.['name']}` : `${groups['host']} ${groups['name']}`,
  )

/** What xmllint says of those that it does not take. */
const invalid = (documents: readonly string[]): string => {
  const folder = mkdtempSync(join(tmpdir(), 'steward-junit-'))
  try {
    const files = documents.map((text, i) => {
      writeFileSync(join(folder, `${i}.xml`), text)
      return join(folder, `${i}.xml`)
    })
    const schema = `${projectFolder}test/fixtures/junit.xsd`
    const { stderr } = spawnSync('xmllint', ['--noout', '--schema', schema, ...files], { encoding: 'utf8' })
    return stderr
      .split('\n')
      .filter(line => !line.endsWith(' validates'))
      .join('\n')
  } finally {
    rmSync(folder, { recursive: true })
  }
}
