import { appendFileSync, copyFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import * as assert from 'uvu/assert'
import type { Answer } from '../../lib/model/observation.js'
import type { Check, HttpCheck, LogEnd } from '../../lib/model/ready.js'
import { inFolder } from '../helpers/folder.js'
import { byPath, needsOpenssl, said, whileServing, whileServingTls } from '../helpers/http.js'
import { describe } from '../helpers/test.js'
import { whileListening } from './listening.js'
import { lookAt } from './looks.js'
import { here, type Run, shellOf, shellsHere } from './shells.js'
import { changed, hide, needsNamespaces } from './surroundings.js'

for (const { name, argv, options } of shellsHere()) {
  describe(`checks of readiness in ${name}`, test => {
    const run = shellOf(argv)

    test(
      'are all asked in one look, and each has its own answer',
      () =>
        whileServing(byPath, async base => {
          const checks = [http(`${base}/200`), command('echo no; exit 3'), tcp(1), command('true'), http(`${base}/503`)]
          const answers = await ask(checks, run)
          assert.equal(answers.map(inShort), ['200', 'No no', 'No', 'Yes', '503'])
        }),
      options,
    )

    test(
      'find a line of a log only where it was written since',
      () =>
        inFolder(async folder => {
          const log = `${folder}/it's a log`
          const started = async (): Promise<string> => {
            const [answer] = await ask([{ _tag: 'Log', file: log, line: '[a] $x started' }], run, before)
            return inShort(answer)
          }
          let before = await endOf(log, run)
          assert.is(before, null)
          assert.match(await started(), /no such file/)
          writeFileSync(log, 'old [a] $x started\n')
          assert.is(await started(), 'Yes', 'there was no log before')

          before = await endOf(log, run)
          assert.match(await started(), /^No no line with "\[a\] \$x started" in the 0 bytes written since the start$/)
          appendFileSync(log, 'b x started\n')
          assert.match(await started(), / in the 12 bytes /)
          appendFileSync(log, 'new [a] $x started\n')
          assert.is(await started(), 'Yes')
        }),
      options,
    )

    test(
      'take a log that was rotated for a new one',
      () =>
        inFolder(async folder => {
          const log = `${folder}/log`
          const line = 'started\n'
          const old = `${'old '.repeat(100)}\n`
          for (const rotate of [
            () => {
              renameSync(log, `${log}.1`)
              writeFileSync(log, line + old.repeat(3))
            },
            () => {
              truncateSync(log)
              appendFileSync(log, line)
            },
            () => {
              truncateSync(log)
              appendFileSync(log, line + old.repeat(3))
            },
          ]) {
            writeFileSync(log, old)
            const before = await endOf(log, run)
            rotate()
            const [answer] = await ask([{ _tag: 'Log', file: log, line: 'started' }], run, before)
            assert.is(inShort(answer), 'Yes', String(rotate))
          }
        }),
      options,
    )

    test(
      'count no old line of a log that was rewritten',
      () =>
        inFolder(async folder => {
          const log = `${folder}/log`
          writeFileSync(log, 'started\n')
          const before = await endOf(log, run)
          copyFileSync(log, `${log}.new`)
          renameSync(`${log}.new`, log)
          appendFileSync(log, 'warming up\n')
          const [answer] = await ask([{ _tag: 'Log', file: log, line: 'started' }], run, before)
          assert.match(inShort(answer), / in the 11 bytes /)
        }),
      options,
    )
  })
}

describe('a log where there are no sums to be had', test => {
  test(
    'is known by its inode, and by not being shorter than it was',
    () =>
      inFolder(async folder => {
        const log = `${folder}/log`
        const run = without(['cksum'])
        const started = async (before: LogEnd | null): Promise<string> =>
          inShort((await ask([{ _tag: 'Log', file: log, line: 'started' }], run, before))[0])
        writeFileSync(log, 'started\n')
        const before = await endOf(log, run)
        assert.is(before?.sum, '')
        assert.match(await started(before), / in the 0 bytes /)
        assert.is(await started({ inode: '1', bytes: 8, sum: '' }), 'Yes', 'another file')
        assert.is(await started({ inode: before?.inode ?? '', bytes: 9, sum: '' }), 'Yes', 'a shorter one')
      }),
    needsNamespaces,
  )
})

describe('a check over HTTP', test => {
  for (const [tool, hidden] of [
    ['curl', []],
    ['wget', ['curl']],
    ["bash's own sockets", ['curl', 'wget']],
    ['nc', ['curl', 'wget', 'bash']],
  ] as const)
    test(
      `gives status and body by ${tool}, follows nothing and reads no more than it should`,
      () =>
        whileServing(counted, async base => {
          asked.length = 0
          const answers = await ask(
            ['200', '404', '302', 'big'].map(path => http(`${base}/${path}`)),
            without(hidden),
          )
          assert.equal(answers.map(inShort), ['200', '404', '302', '200'])
          const [ok, , , big] = answers
          assert.is(ok?._tag === 'Http' && ok.body, said)
          assert.match(big?._tag === 'Http' ? big.body.slice(0, 10) : '', 'BEGINxxxxx')
          assert.ok(big?._tag === 'Http' && big.body.length <= 65_536)
          assert.equal(asked, ['/200', '/404', '/302', '/big'])
          const [refused] = await ask([http('http://127.0.0.1:1/')], without(hidden))
          assert.is(refused?._tag, 'No')
        }),
      needsNamespaces,
    )

  test(
    'is never answered where there is nothing to ask with, nor without TLS where that is wanted',
    async () => {
      const none = await ask([http('http://127.0.0.1:1/'), tcp(1)], without(['curl', 'wget', 'bash', 'nc']))
      assert.equal(none.map(inShort), [
        'No the host has no curl, no GNU wget, no bash and no nc to ask with',
        'No the host has neither bash nor nc to connect with',
      ])
      const [tls] = await ask([http('https://127.0.0.1:1/')], without(['curl', 'wget']))
      assert.is(inShort(tls), 'No the host has neither curl nor GNU wget to ask with')
    },
    needsNamespaces,
  )

  for (const [tool, hidden] of [
    ['curl', []],
    ['wget', ['curl']],
  ] as const)
    test(
      `believes no certificate that nobody has signed, unless it is told to, by ${tool}`,
      () =>
        whileServingTls(byPath, async base => {
          const check = http(`${base}/200`)
          const answers = await ask([check, { ...check, verify: false }], without(hidden))
          assert.equal(
            answers.map(answer => answer?._tag),
            ['No', 'Http'],
          )
        }),
      { ...needsNamespaces, ...needsOpenssl },
    )

  test('takes an answer that was cut off for none', () =>
    whileServing(byPath, async base => assert.is((await ask([http(`${base}/cut`)], here))[0]?._tag, 'No')))

  test('takes a URL for text, whatever is in it', () =>
    whileServing(byPath, base =>
      inFolder(async folder => {
        const paths = [`$(id>${folder}/made)`, `';id>${folder}/made;'`, '{a,b}[1-3]', '%20"']
        const answers = await ask(
          paths.map(path => http(`${base}/200?${path}`)),
          here,
        )
        assert.equal(answers.map(inShort), ['200', '200', '200', '200'])
        assert.equal(
          (await ask([command(`[ ! -e ${folder}/made ]`)], here)).map(inShort),
          ['Yes'],
          'something of a URL was run',
        )
      }),
    ))
})

describe('a check of a port', test => {
  const busyboxNc = `mount --bind "$(command -v busybox)" "$(readlink -f "$(command -v nc)")"; exec /bin/sh`
  for (const [tool, run] of [
    ['bash', () => here],
    ['nc', () => without(['bash'])],
    ["BusyBox's nc", () => changed(hide('bash') + busyboxNc)],
  ] as const)
    test(
      `connects by ${tool}, to the address that is declared or to the host itself`,
      () =>
        whileListening('127.0.0.1', port4 =>
          whileListening('::1', async port6 => {
            const answers = await ask([tcp(port4), tcp(port6, '::1'), tcp(port4, '::1'), tcp(1)], run())
            assert.equal(
              answers.map(answer => answer?._tag),
              ['Yes', 'Yes', 'No', 'No'],
            )
          }),
        ),
      needsNamespaces,
    )
})

describe('a command that checks', test => {
  test('runs in the environment of the login, and is not held by what it leaves behind', async () => {
    const env = { ...process.env, LC_ALL: 'C.UTF-8', PATH: `${process.env['PATH']}:/opt/theirs` } as const
    const check = command(`[ "$LC_ALL $PATH" = "C.UTF-8 ${env.PATH}" ] && { sleep 5 & }`)
    assert.equal((await ask([check], shellOf(['/bin/sh'], { env }))).map(inShort), ['Yes'])
  })

  test('may say more than anybody wants to know', async () =>
    assert.equal((await ask([command('head -c 9000000 /dev/zero; exit 1')], here)).length, 1))

  test(
    'is ended when it takes too long, which is no',
    () =>
      inFolder(async folder => {
        const [answer] = await ask([command(`exec 2>/dev/null; trap '' TERM; while :; do sleep 0.1; done`)], here)
        assert.is(inShort(answer), 'No no answer within 10 s', folder)
      }),
    { timeoutMs: 60_000 },
  )
})

const asked: string[] = []
const counted: RequestListener = (request, answer) => {
  asked.push(request.url ?? '')
  byPath(request, answer)
}

const http = (url: string): HttpCheck => ({ _tag: 'Http', url, status: [200], body: null, verify: true, from: 'host' })
const tcp = (port: number, address: string | null = null): Check => ({
  _tag: 'Tcp',
  place: { address, port },
  from: 'host',
})
const command = (text: string): Check => ({ _tag: 'Command', command: text })

const ask = async (checks: readonly Check[], run: Run, since: LogEnd | null = null) => {
  const questions = checks.map(check => ({ check, since }))
  const { answers } = await lookAt({ questions }, run)
  return questions.map(question => answers.get(question))
}

const endOf = async (file: string, run: Run): Promise<LogEnd | null> =>
  (await lookAt({ logEnds: [file] }, run)).logEnds.get(file) ?? null

const without = (tools: readonly string[]): Run =>
  tools.length === 0 ? here : changed(`${hide(...tools)} exec /bin/sh`)

/** A reason of which only a tool knows the words is left out. */
const inShort = (answer: Answer | undefined): string => {
  switch (answer?._tag) {
    case 'Http':
      return `${answer.status}`
    case 'No':
      return answer.why.includes('/dev/tcp') ? 'No' : `No ${answer.why}`
    default:
      return answer?._tag ?? 'nothing'
  }
}
