/** The ends of logs, to be shown with a failure. */
import * as E from 'fp-ts/lib/Either.js'
import { withoutCutWord } from '../model/cut-text.js'
import { frameFunctions, readFrame, type Section } from '../model/frame.js'
import type { HostText } from '../model/observation.js'
import type { LogEnd, LogEnds } from '../model/ready.js'
import { shellWord } from '../model/shell.js'
import { logFunctions } from './checks.js'

const lines = 20
const bytes = 4096

/** Of a log whose end is among `ends`, only what was written after it. */
export const logTailScript = (nonce: string, files: readonly string[], ends: LogEnds = new Map()): string => `{
${frameFunctions(nonce)}
${logFunctions}
PATH=/usr/bin:/bin:/usr/sbin:/sbin:/usr/xpg4/bin\${PATH:+:$PATH} LC_ALL=C
export PATH LC_ALL
frame begin
${files.map(file => tailOf(file, ends.get(file) ?? null)).join('\n')}
frame end
exit 0
}
`

/** Only a regular file: a named pipe would wait for ever. The codes are sysexits'. */
const tailOf = (file: string, since: LogEnd | null): string => {
  const word = shellWord(file)
  const show = `command tail -n ${lines}; ended $?`
  const all = `command tail -c ${bytes} ${word} 2>/dev/null | ${show}`
  return `section tail tail
if [ ! -e ${word} ]; then ended 66
elif [ ! -f ${word} ]; then ended 65
elif [ ! -r ${word} ]; then ended 77
else ${since === null ? all : `${startOf(word, since)}\ncommand tail -c +$from ${word} 2>/dev/null | command tail -c ${bytes} | ${show}`}; fi`
}

const startOf = (word: string, { inode, bytes, sum }: LogEnd): string =>
  `start_of ${word} ${[inode, `${bytes}`, sum].map(shellWord).join(' ')}`

/** One text for all of them, each under the name of its file; what cannot be shown is said. */
export const readLogTails = (
  nonce: string,
  files: readonly string[],
  output: string,
  ends: LogEnds = new Map(),
): E.Either<string, string> => {
  const frame = readFrame(nonce, output)
  if (E.isLeft(frame)) return frame
  return E.right(files.map((file, i) => inWords(file, frame.right[i], (ends.get(file) ?? null) !== null)).join('\n'))
}

const inWords = (file: string, section: Section | undefined, isNew: boolean): HostText | string => {
  switch (section?.code) {
    case 0: {
      const text = withoutCutWord(section.body, bytes).replace(/\n+$/, '')
      if (text !== '') return `${isNew ? 'new in' : 'the end of'} ${file}:\n${text}`
      if (section.body.trim() !== '') return `the end of ${file} is one long word, which is not shown`
      return isNew ? `nothing new in ${file}` : `${file} is empty`
    }
    case 65:
      return `${file} is no file that can be shown`
    case 66:
      return `${file}: there is no such file on the host`
    default:
      return `${file} cannot be read by this login`
  }
}
