import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { describe } from '../helpers/test.js'
import type { LabHost } from './host.js'
import { type Lab, type LabOptions, upLab } from './lab.js'
import { leftSince, lookForLabs } from './leftovers.js'
import { whyNoLab } from './packages.js'
import { output, run } from './run.js'
import { sshdLog } from './sshd.js'

describe('lab', test => {
  const skip = whyNoLab('hosts')

  test(
    'gives each host a name, processes, sockets and files of its own',
    () =>
      withLab(['one', 'two'], {}, async (_lab, one, two) => {
        await sh(one, 'echo here > /root/file; echo sleep 300 > /tmp/job; sh /tmp/job >&- 2>&- &')
        assert.is(await sh(one, 'hostname'), 'one')
        assert.is(await sh(one, 'cat /root/file'), 'here')
        assert.is(await sh(one, 'ls -A /root /tmp'), '/root:\n.ssh\nfile\n\n/tmp:\njob')
        assert.is(await sh(one, 'ps -e -o comm='), ['init', 'sshd', 'sh', 'sleep', 'sh', 'ps'].join('\n'))
        assert.is(await sh(two, 'ps -e -o comm='), ['init', 'sshd', 'sh', 'ps'].join('\n'))
        assert.is(await sh(two, 'netstat -tln | grep -c LISTEN'), '2')
        assert.is(await sh(two, 'ls -A /root'), '.ssh')
        assert.is.not(await sh(one, `cat ${bootId} /etc/machine-id`), await sh(two, `cat ${bootId} /etc/machine-id`))
        assert.is.not(await sh(one, `cat ${bootId}`), (await output(['cat', bootId])).trim())
      }),
    { skip },
  )

  test(
    'lets root and its users log in from inside its network, each host known by its key',
    () =>
      withLab(['one'], { hosts: { one: { users: ['operator'] } } }, async (lab, one) => {
        assert.is(await ssh(lab, one, 'root', 'id -un'), 'root\n')
        assert.is(await ssh(lab, one, 'operator', 'id -un; pwd'), 'operator\n/home/operator\n')
        assert.is(await sh(one, `grep -c "Starting session: command" ${sshdLog}`), '2')
        const outside = await run(['ip', 'route', 'get', one.address])
        assert.not.match(outside.stdout, /veth|bridge/)
      }),
    { skip },
  )

  test(
    'reaps the orphans of a host',
    () =>
      withLab(['one'], {}, async (_lab, one) => {
        await sh(one, '(sleep 0.1 & exec sleep 0.2) & sleep 0.4')
        assert.not.match(await sh(one, 'ps -e -o stat='), /Z/)
      }),
    { skip },
  )

  test(
    'takes lines for the sshd of one host',
    () =>
      withLab(['one', 'two'], { hosts: { one: { sshd: ['ForceCommand echo forced'] } } }, async (lab, one, two) => {
        assert.is(await ssh(lab, one, 'root', 'echo free'), 'forced\n')
        assert.is(await ssh(lab, two, 'root', 'echo free'), 'free\n')
      }),
    { skip },
  )

  test(
    'leaves nothing behind once it is down',
    async () => {
      const before = lookForLabs()
      await withLab(['one', 'two'], {}, async () => assert.is.not(leftSince(before).length, 0))
      assert.equal(leftSince(before), [])
    },
    { skip },
  )

  test(
    'leaves nothing behind when a host cannot be made',
    async () => {
      const before = lookForLabs()
      const options = { hosts: { two: { sshd: ['NoSuchKeyword yes'] } } }
      const failure = await upLab(['one', 'two'], options).then(lab => lab.folder, String)
      assert.match(failure, /the lab host two failed\n.*Bad configuration option: NoSuchKeyword/s)
      assert.equal(leftSince(before), [])
    },
    { skip },
  )

  test(
    'leaves nothing behind when its starter is killed, at any moment',
    async () => {
      const before = lookForLabs()
      for (let afterMs = 0; afterMs <= 400; afterMs += 40) {
        await killedStarter(afterMs)
        assert.equal(await leftAfterAWhile(before), [], `killed after ${afterMs} ms`)
      }
    },
    { skip, timeoutMs: 60_000 },
  )

  test(
    'ends as a whole when any of the processes that keep it is killed',
    async () => {
      const before = lookForLabs()
      for (const keeper of ['guard', 'unshare', 'pid 1'] as const) {
        const lab = await upLab(['one', 'two'])
        process.kill(keepersOf(lab)[keeper], 'SIGKILL')
        // Nobody is left to remove the folder if it is the guard.
        const folder = `folder ${lab.folder}`
        assert.equal(await leftAfterAWhile(new Set([...before, folder])), [], keeper)
        await lab.down()
        assert.equal(leftSince(before), [], keeper)
      }
    },
    { skip },
  )

  test(
    'lets several labs be up at once',
    () =>
      withLab(['one'], {}, async (_first, one) =>
        withLab(['one'], {}, async (second, other) => {
          assert.is(one.address, other.address)
          assert.is(await ssh(second, other, 'root', `cat ${bootId}`), `${await sh(other, `cat ${bootId}`)}\n`)
        }),
      ),
    { skip },
  )
})

const bootId = '/proc/sys/kernel/random/boot_id'

const withLab = async (
  names: readonly string[],
  options: LabOptions,
  use: (lab: Lab, ...hosts: [LabHost, LabHost]) => Promise<void>,
): Promise<void> => {
  const lab = await upLab(names, options)
  try {
    await use(lab, ...([...lab.hosts.values()] as [LabHost, LabHost]))
  } finally {
    await lab.down()
  }
}

const sh = async (host: LabHost, script: string): Promise<string> =>
  (await host.exec(['sh', '-c', script])).stdout.trim()

const ssh = (lab: Lab, host: LabHost, user: string, command: string): Promise<string> => {
  const options = ['BatchMode=yes', 'StrictHostKeyChecking=yes', `UserKnownHostsFile=${lab.knownHosts}`]
  const flags = ['-F', 'none', '-i', host.keyFile, ...options.flatMap(option => ['-o', option])]
  return output([...lab.enter, 'ssh', ...flags, `${user}@${host.address}`, command])
}

/** Each the parent of the next; the guard's pid is in the folder's name, the last one's in the way into the network. */
const keepersOf = (lab: Lab) => {
  const pid = Number(lab.enter[2])
  const parent = /^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return { guard: Number(lab.folder.split('-')[2]), unshare: Number(parent), 'pid 1': pid }
}

/** A process of its own that brings up a lab, killed this long after it began to; it tells when that was. */
const killedStarter = async (afterMs: number): Promise<void> => {
  const script = `
    const { upLab } = await import(process.argv[1])
    process.stdout.write('begins')
    await upLab(['one', 'two', 'three'])
    setInterval(() => {}, 1000)`
  const lab = new URL('lab.js', import.meta.url).href
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script, lab])
  await once(child.stdout, 'data')
  await sleep(afterMs)
  child.kill('SIGKILL')
  await once(child, 'close')
}

/** The death of a starter is noticed at once; the end of all it started takes a moment. */
const leftAfterAWhile = async (before: ReadonlySet<string>): Promise<readonly string[]> => {
  await sleep(50)
  const deadline = Date.now() + 5_000
  while (leftSince(before).length > 0 && Date.now() < deadline) await sleep(10)
  return leftSince(before)
}
