/** A terminal that may be gone by the time we leave it. */
import { closeSync, fstatSync } from 'node:fs'
import { isatty } from 'node:tty'

/**
 * To be called last before an exit. Node 20 restores the terminal of each standard stream as it exits, and dies of a
 * failure to do so (`ResetStdio` in src/node.cc): of a terminal that has hung up, that is by SIGSEGV or SIGABRT instead
 * of with our exit code. It leaves a stream alone that is closed by then.
 */
export const leaveTerminal = (): void => {
  for (const fd of [0, 1, 2]) if (isCharacterDevice(fd) && !isatty(fd)) closeSync(fd)
}

/** What was a terminal is still one of these when it has hung up, though isatty(3) denies it. */
const isCharacterDevice = (fd: number): boolean => {
  try {
    return fstatSync(fd).isCharacterDevice()
  } catch {
    return false
  }
}
