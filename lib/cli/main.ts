/** From the command line to the exit code, whatever comes between. */
import { CommanderError } from 'commander'
import { type ExitCode, exitCodes } from '../model/exit-code.js'
import { runProgram } from './program.js'
import { leaveTerminal } from './terminal.js'

// Whoever reads our output may leave, or the terminal that shows it (EIO), and a disk may be full; what is under way is
// finished all the same.
let isLost = false
process.stderr.on('error', () => {})
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE' || error.code === 'EIO' || isLost) return
  isLost = true
  console.error(`steward: what should be on stdout is lost from here on: ${error.message}`)
})

const bug = (error: unknown): never => {
  console.error(
    `steward: this is a bug of steward's, please report it:\n${error instanceof Error ? error.stack : error}`,
  )
  process.exit(exitCodes.bug)
}
process.on('uncaughtException', bug)
process.on('unhandledRejection', bug)

const finished = async (): Promise<ExitCode> => {
  try {
    return await runProgram()
  } catch (error) {
    return error instanceof CommanderError ? (error.exitCode === 0 ? exitCodes.ok : exitCodes.badInput) : bug(error)
  }
}

/** What a slow reader has not taken yet would be lost at exit; a reader that has left takes nothing more. */
const drain = (stream: NodeJS.WriteStream): Promise<void> => new Promise(resolve => stream.write('', () => resolve()))

void finished().then(async exitCode => {
  await Promise.all([drain(process.stdout), drain(process.stderr)])
  leaveTerminal()
  process.exit(isLost && exitCode === exitCodes.ok ? exitCodes.failed : exitCode)
})
