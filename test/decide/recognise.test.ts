import * as assert from 'uvu/assert'
import { judge } from '../../lib/decide/judge.js'
import type { HostService } from '../../lib/model/catalog.js'
import type { HostText, Observation } from '../../lib/model/observation.js'
import { verdictInWords } from '../../lib/model/words.js'
import { describe } from '../helpers/test.js'
import { daemon, observation, process, service } from './builders.js'

const words = (one: HostService, seen: Observation): string => verdictInWords(judge(one, seen))
const only = (...processes: HostService['processes']) => service('app', 'h1', { processes })
const java = '/usr/lib/jvm/java' as HostText

describe('recognising a process', test => {
  test('takes all that is declared: arguments, program, folder and user', () => {
    const app = only(daemon('main', ['-Dbase=app'], { exe: '/usr/lib/jvm/java', cwd: '/srv/app', user: 'app' }))
    const users = new Map([['app', 1000]])
    const right = { exe: java, cwd: '/srv/app' as HostText, uid: 1000 }
    const seen = (parts: object) =>
      observation([process(7, ['java', '-Dbase=app'], { ...right, ...parts })], [], { users })
    assert.is(words(app, seen({})), 'running: main pid 7')
    assert.is(words(app, seen({ args: ['java', '-Dbase=app2'] })), 'stopped')
  })

  test('takes no process for absent of which only the program, the folder or the user is another', () => {
    const app = only(daemon('main', ['-Dbase=app'], { exe: '/srv/app/current/java', cwd: '/srv/app', user: 'app' }))
    const users = new Map([['app', 1000]])
    const paths = new Map([['/srv/app/current/java', '/srv/app/2/java' as HostText]])
    const right = { exe: '/srv/app/2/java' as HostText, cwd: '/srv/app' as HostText, uid: 1000 }
    const seen = (parts: object) =>
      observation([process(7, ['java', '-Dbase=app'], { ...right, ...parts })], [], { users, paths })
    const doubt = 'unknown: pid 7 (java -Dbase=app) has the arguments of main, but'
    for (const [wrong, but] of [
      [{ exe: '/srv/app/1/java' }, 'it runs /srv/app/1/java, not /srv/app/2/java'],
      [{ cwd: '/srv/app2' }, 'it is in /srv/app2, not /srv/app'],
      [{ uid: 0 }, 'it is of uid 0, not of app'],
      [
        { exe: '/srv/app/1/java', uid: 0 },
        'it runs /srv/app/1/java, not /srv/app/2/java and it is of uid 0, not of app',
      ],
    ] as const)
      assert.is(words(app, seen(wrong)), `${doubt} ${but}`)
    assert.is(words(app, seen({ exe: '/srv/app/1/java', contained: true })), 'stopped')
  })

  test('tells twins apart by their user alone, and leaves what nothing but the program tells as it is', () => {
    const twin = (user: string) => daemon(`of-${user}`, ['/bin/agent'], { user })
    const both = only(twin('1000'), twin('1001'))
    const [one, two] = [process(7, ['/bin/agent'], { uid: 1000 }), process(8, ['/bin/agent'], { uid: 1001 })]
    assert.is(words(both, observation([one, two])), 'running: of-1000 pid 7, of-1001 pid 8')
    assert.is(words(both, observation([two])), 'degraded: of-1000 missing, of-1001 pid 8')
    const bare = only(daemon('main', [], { exe: '/usr/lib/jvm/java' }))
    assert.is(words(bare, observation([process(7, ['java'], { exe: '/usr/bin/vi' as HostText })])), 'stopped')
  })

  test('is unknown, with what is not seen, where all else fits', () => {
    const app = only(daemon('main', ['-Dbase=app'], { exe: '/usr/lib/jvm/java', user: 'app' }))
    const one = process(7, ['java', '-Dbase=app'], { uid: 1000 })
    const users = new Map([['app', 1000]])
    assert.is(
      words(app, observation([one], [], { users })),
      'unknown: pid 7 (java -Dbase=app) may be main: the program it runs cannot be seen by this login',
    )
    const nobody = new Map([['app', null]])
    assert.is(
      words(app, observation([{ ...one, exe: java }], [], { users: nobody })),
      'unknown: the host knows no user app',
    )
  })

  test('knows a program by its path through symbolic links', () => {
    const app = only(daemon('main', [], { exe: '/usr/bin/java' }))
    const paths = new Map([['/usr/bin/java', java]])
    assert.is(words(app, observation([process(7, ['java'], { exe: java })], [], { paths })), 'running: main pid 7')
  })

  test('takes an argument that holds spaces for one, whether it is seen as one or as joined by ps', () => {
    const app = only(daemon('main', ['nginx: master process']))
    assert.is(words(app, observation([process(7, ['nginx: master process'])])), 'running: main pid 7')
    const joined = process(7, ['nginx:', 'master', 'process'], { argsFrom: 'ps' })
    assert.is(words(app, observation([joined])), 'running: main pid 7')
    assert.is(words(app, observation([process(7, ['nginx:', 'master', 'process'])])), 'stopped')
  })

  test('takes a user by number', () => {
    const app = only(daemon('main', ['-Dbase=app'], { user: '1000' }))
    assert.is(words(app, observation([process(7, ['java', '-Dbase=app'], { uid: 1000 })])), 'running: main pid 7')
    assert.is(
      words(app, observation([process(7, ['java', '-Dbase=app'], { uid: 1001 })])),
      'unknown: pid 7 (java -Dbase=app) has the arguments of main, but it is of uid 1001, not of 1000',
    )
  })

  test('takes a child for what it is only below its declared parent', () => {
    const app = only(daemon('master', ['/app/master']), daemon('worker', ['/app/worker'], { parent: 'master' }))
    const [master, child] = [process(7, ['/app/master']), process(8, ['/app/worker'], { ppid: 7 })]
    assert.is(words(app, observation([master, child])), 'running: master pid 7, worker pid 8')
    assert.is(
      words(app, observation([master, { ...child, ppid: 1 }])),
      'unknown: pid 8 (/app/worker) has the arguments of worker, but does not seem to be it',
    )
  })

  test('takes a glob or a pattern for one whole argument, and only where it is asked for', () => {
    const seen = observation([process(7, ['java', '-Dbase=/srv/app-12/tomcat'])])
    assert.is(words(only(daemon('main', [], { globs: ['-Dbase=/srv/app-*/tomcat'] })), seen), 'running: main pid 7')
    assert.is(
      words(only(daemon('main', [], { patterns: ['-Dbase=/srv/app-[0-9]+/tomcat'] })), seen),
      'running: main pid 7',
    )
    for (const part of [{ globs: ['/srv/app-*'] }, { patterns: ['app-[0-9]+'] }])
      assert.is(words(only(daemon('main', [], part)), seen), 'stopped')
    assert.is(words(only(daemon('main', ['-Dbase=/srv/app-*/tomcat'])), seen), 'stopped')
  })

  test('cannot tell a glob from arguments that ps has joined, where it may fit over a space', () => {
    const app = only(daemon('main', [], { globs: ['-Dname=my app*'] }))
    const joined = process(7, ['java', '-Dname=my', 'app', 'x'], { argsFrom: 'ps' })
    assert.match(words(app, observation([joined])), /^unknown: pid 7 /)
    assert.is(words(app, observation([process(8, ['other'], { argsFrom: 'ps' })])), 'stopped')
  })

  test("counts a container's process where it is declared to live in one, and only there", () => {
    const inside = process(7, ['java', '-Dbase=app'], { contained: true })
    const outside = process(8, ['java', '-Dbase=app'])
    const app = (contained?: true) => only(daemon('main', ['-Dbase=app'], contained ? { contained } : {}))
    assert.is(words(app(true), observation([inside, outside])), 'running: main pid 7')
    assert.is(words(app(), observation([inside, outside])), 'running: main pid 8')
  })

  test('never takes a thread of the kernel for a program', () => {
    const app = only(daemon('main', [], { exe: '/usr/lib/jvm/java' }))
    assert.is(words(app, observation([process(7, [], { isKernel: true })])), 'stopped')
  })
})
