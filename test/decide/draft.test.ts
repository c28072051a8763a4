import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import { draftServices } from '../../lib/decide/draft.js'
import { expandCatalog } from '../../lib/decide/expand.js'
import { judge } from '../../lib/decide/judge.js'
import { mergeDrafts } from '../../lib/decide/merge-drafts.js'
import type { HostText, Observation, Origins } from '../../lib/model/observation.js'
import { readCatalogs } from '../../lib/read/playbook.js'
import { draftYaml } from '../../lib/report/draft.js'
import { describe } from '../helpers/test.js'
import { filesOf, inventoryOf, right } from '../helpers/written.js'
import { listener, observation, process } from './builders.js'

const origins: Origins = {
  units: new Map([[8, 'tomcat9.service' as HostText]]),
  initScripts: ['/etc/init.d/enstratus-km', '/etc/init.d/nginx'] as HostText[],
  userNames: new Map([[0, 'root' as HostText]]),
}

/** What `steward discover` would print. */
const drafted = (seen: Observation): string => {
  const { drafts, leftOut } = mergeDrafts([draftServices(seen)])
  return draftYaml(drafts, leftOut, 0)
}

/** The verdicts by the drafted catalog, as a user would get them. */
const verdictsBy = (yaml: string, seen: Observation): readonly string[] => {
  const catalog = right(readCatalogs(filesOf({ 'draft.yml': yaml }), ['draft.yml']))
  const expansion = right(expandCatalog(catalog, inventoryOf('all: { hosts: { h1: } }'), null))
  const users = new Map([['root', 0]])
  return expansion.plays.flatMap(({ prerequisites }) =>
    prerequisites.map(service => `${service.name} ${judge(service, { ...seen, users })._tag}`),
  )
}

describe('a draft', test => {
  test('names what listens by what tells it from others, with its ports, user and way to start', () => {
    const seen = observation(
      [
        process(7, ['/usr/bin/java', '-Xmx1g', '-Dcatalina.base=/services/km/tomcat', 'Bootstrap', 'start']),
        process(8, ['/usr/bin/java', '-Xmx1g', '-Dcatalina.base=/srv/shop', 'Bootstrap', 'start']),
        process(9, ['nginx: master process /usr/sbin/nginx']),
      ],
      [
        listener(2013, [7]),
        listener(8080, [8]),
        listener(8005, [8], '127.0.0.1'),
        listener(80, [9]),
        listener(22, null),
      ],
      { origins },
    )
    const yaml = drafted(seen)
    for (const part of [
      '# left out: port 22 is open, and by whom could not be seen',
      '  km:\n    hosts: "h1"\n    script: "/etc/init.d/enstratus-km"',
      'args: ["-Dcatalina.base=/services/km/tomcat"]',
      '  shop:\n    hosts: "h1"\n    start: "systemctl start tomcat9.service"\n    stop: { command: "systemctl stop tomcat9.service" }',
      'listens: ["127.0.0.1:8005", 8080]',
      'user: "root"',
      '  nginx:\n    hosts: "h1"\n    script: "/etc/init.d/nginx"',
    ])
      assert.ok(yaml.includes(part), `${part}\n\nin\n\n${yaml}`)
    assert.equal(verdictsBy(yaml, seen), ['km running', 'shop running', 'nginx running'])
  })

  test('calls a unit by its name as a shell takes it', () => {
    const units = new Map([[7, 'dev-a\\x2db.service' as HostText]])
    const seen = observation([process(7, ['/app/x'])], [listener(80, [7])], { origins: { ...origins, units } })
    const yaml = drafted(seen)
    assert.ok(yaml.includes(`start: "systemctl start 'dev-a\\\\x2db.service'"`), yaml)
    assert.equal(verdictsBy(yaml, seen), ['x running'])
  })

  test('is one for a parent and its workers, and gives two of one name a number', () => {
    const seen = observation(
      [process(7, ['/app/x']), process(8, ['/app/x'], { ppid: 7 }), process(9, ['/other/x'])],
      [listener(80, [7, 8]), listener(81, [9])],
      { origins },
    )
    assert.equal(verdictsBy(drafted(seen), seen), ['x running', 'x-2 running'])
  })

  test('leaves out what cannot be told from others, and says so', () => {
    const seen = observation([process(7, ['x']), process(8, ['x'])], [listener(80, [7])], { origins })
    assert.match(drafted(seen), '# left out: pid 7 (x) listens, and could not be told from others\nservices: {}')
  })

  test('reads and judges as running, whatever a process calls itself', () => {
    const word = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom(
        '{{ x }}',
        '# no',
        '"',
        "'",
        '/bin/java',
        '-Da=/b',
        'a: b',
        '- x',
        '\u202e',
        '\u001b[2J',
        '',
        '%',
        '*x',
        '&a',
        '!t',
      ),
    )
    fc.assert(
      fc.property(fc.array(fc.array(word, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 4 }), lines => {
        const processes = lines.map((args, i) => process(i + 7, args))
        const seen = observation(
          processes,
          processes.map(({ pid }) => listener(pid + 1000, [pid])),
          { origins },
        )
        const yaml = drafted(seen)
        assert.ok(E.isRight(readCatalogs(filesOf({ 'draft.yml': yaml }), ['draft.yml'])), yaml)
        const verdicts = verdictsBy(yaml, seen)
        assert.ok(
          verdicts.every(verdict => verdict.endsWith(' running')),
          `${verdicts.join(', ')}\n${yaml}`,
        )
      }),
      { numRuns: 500 },
    )
  })

  test('that is the same on two hosts is one service on both', () => {
    const on = (host: string) => {
      const seen = { ...observation([process(7, ['/app/x'])], [listener(80, [7])], { origins }), host: host as never }
      return draftServices(seen)
    }
    const { drafts } = mergeDrafts([on('h1'), on('h2')])
    assert.equal(
      drafts.map(({ name, hosts }) => `${name} ${hosts.join(',')}`),
      ['x h1,h2'],
    )
  })
})
