import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { describe } from '../helpers/test.js'
import { withBalanced } from './balanced.js'

const skip = process.platform === 'linux' ? undefined : 'it needs setsid and /proc'

describe('what the host calls too late to be launched', test => {
  test(
    'ends its step at once, and is not waited for',
    () =>
      withBalanced(
        async ({ make, done, folder }) => {
          const late = { PATH: `${folder}/late:${process.env['PATH']}` }
          const start = await make('running', late)
          assert.is(start.code, 2, start.stdout)
          assert.match(start.stdout, 'failed: [web@here] not launched: by the clock of the host it was too late\n')
          assert.is((await make('running')).code, 0)
          const stop = await make('stopped', late)
          assert.is(stop.code, 2, stop.stdout)
          assert.match(stop.stdout, 'failed: [web@here] not launched: by the clock of the host it was too late\n')
          assert.equal(done(), ['start'])
        },
        folder => {
          mkdirSync(`${folder}/late`)
          const later = `echo >>${folder}/calls; exec /bin/date -d "now + $(wc -l <${folder}/calls) hours" "$@"`
          writeFileSync(`${folder}/late/date`, `#!/bin/sh\n${later}\n`)
          chmodSync(`${folder}/late/date`, 0o755)
          return {
            before: {},
            after: {},
            ready: { within: '1h', stable: '0s' },
            stop: { command: `${folder}/stop`, within: '1h' },
          }
        },
      ),
    { skip, timeoutMs: 40_000 },
  )
})
