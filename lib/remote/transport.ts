/** How a script gets to a host and its answer back; SSH, this machine and a simulated host all look like this. */
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Become } from '../model/become.js'
import type { Route } from '../model/inventory.js'
import type { HostName } from '../model/names.js'
import type { RemoteError } from '../model/remote-error.js'
import type { Secret } from '../model/secret.js'

/** How hosts are reached. */
export type Transport = Readonly<{
  /** One connection, to be used for all scripts on this host; the Left says why there is none. */
  connect: (host: HostName, route: Route) => TaskEither<RemoteError, Connection>
}>

/** A way to one host that is open. */
export type Connection = Readonly<{
  /** Runs a script in the host's `/bin/sh`; several may run at once. `Unreachable` means that nothing was sent. */
  run: (script: Script) => TaskEither<RemoteError, ScriptOutput>
  /** Ends the connection, and with it the scripts that still run here; what they launched on the host lives on. */
  close: () => Promise<void>
}>

/** What is to be run on a host, and how long and how large its answer may be. */
export type Script = Readonly<{
  /**
   * POSIX shell text, fed to `/bin/sh` on its stdin: nothing of it shows in any process list. One compound command,
   * `{ …; }`, as the shell reads such a one to its end before it runs any of it, and a `dialogue` reads from the same
   * stdin.
   */
  text: string
  /** From sending to the end of the output; after it the answer is `Late`. Waiting for a free channel is not counted. */
  deadlineMs: number
  /** Of stdout and stderr together; one byte more is `TooMuchOutput`. */
  maxBytes: number
  /**
   * A script that stops to ask: as soon as stdout holds `question` at the start of a line, `answer` is called once
   * and what it returns is written to the script's stdin, which is then closed. A script without one finds its stdin
   * closed after its text.
   */
  dialogue?: Readonly<{
    question: string
    /** Given all of stdout so far. */
    answer: (stdout: string) => string
  }>
  /** As whom it runs; the login itself if nobody is named. */
  as?: Become | null
  /** The way there, which is made of `as`; whoever sends scripts leaves it out. */
  door?: Door
}>

/** What lies between the login's own shell and the one that runs the script: nothing of that is sent before it is there. */
export type Door = Readonly<{
  /** For the login's own shell: it becomes the other one, or says on stderr why not and ends. */
  text: string
  /** How the first line of the other shell begins. */
  mark: string
  /** Shell text that the other shell reads before the script, made of what followed the mark. */
  arrive: (said: string) => string
  /** What stderr holds when the password is asked for. It is given once, and only then. */
  prompt: string
  password: Secret | null
  onPasswordGiven: () => void
  /** What it means that it ended without the mark; `asked` counts the prompts. */
  refusal: (stderr: string, asked: number) => RemoteError
}>

/** `code` null: the shell itself was killed. Bytes that are not UTF-8 are U+FFFD. */
export type ScriptOutput = Readonly<{ stdout: string; stderr: string; code: number | null }>
