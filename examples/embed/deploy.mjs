// A deploy script: node deploy.mjs [start.yml|stop.yml]
// Tells of each step as it ends, and ends as the run does. Ctrl-C brings what is under way to its end.
import { fileURLToPath } from 'node:url'
import { InputError, printable, run } from 'steward'

const beside = name => fileURLToPath(new URL(name, import.meta.url))
const ending = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => ending.abort())

try {
  const playbook = beside(process.argv[2] ?? 'start.yml')
  const deploying = run({ playbook, inventory: beside('hosts.yml') }, { signal: ending.signal })
  for await (const event of deploying) {
    // What hosts say may hold anything: printable escapes what would act on a terminal.
    if (event._tag === 'StepSucceeded')
      console.log(printable(`${event.id} ${event.changed ? 'is now' : 'was'} ${event.now}`))
    if (event._tag === 'StepFailed' || event._tag === 'StepUnreachable')
      console.error(printable(`${event.id}: ${event.why}`))
  }
  const { runId, exitCode } = await deploying.result
  console.log(`${runId} ended with ${exitCode}`)
  process.exitCode = exitCode
} catch (error) {
  if (!(error instanceof InputError)) throw error
  for (const { at, message } of error.problems)
    console.error(printable(at ? `${at.file}:${at.line}: ${message}` : message))
  process.exitCode = 5
}
