/** What a host answered to the questions of a look, and where its logs end. */
import { startOf } from '../model/cut-text.js'
import type { Section } from '../model/frame.js'
import type { Answer, Answers, HostText } from '../model/observation.js'
import { checkSeconds, type LogCheck, type LogEnd, type LogEnds, type Question } from '../model/ready.js'
import { inAskedOrder } from './checks.js'

export const answersIn = (questions: readonly Question[], sections: readonly Section[]): Answers => {
  const answered = sections.filter(({ name }) => name === 'check')
  const asked = inAskedOrder(questions)
  if (answered.length !== asked.length) return new Map()
  return new Map(asked.map((question, i) => [question, answerOf(question, answered[i])] as const))
}

const answerOf = ({ check }: Question, section: Section | undefined): Answer => {
  if (section === undefined) return no('it was not asked')
  switch (check._tag) {
    case 'Http':
      return httpAnswer(section)
    case 'Log':
      return logAnswer(check, section)
    case 'Tcp':
    case 'Command':
      return section.code === 0 ? { _tag: 'Yes' } : no(whyNot(section))
  }
}

/** SIGXFSZ and SIGPIPE, as shells count them: more was to come than is read. */
const cutCodes = [153, 141]
/** GNU wget's, for a status that is an error or a redirect. */
const wgetErrorStatus = 8

const httpAnswer = (section: Section): Answer => {
  const whole = section.code === 0 || section.code === wgetErrorStatus || cutCodes.includes(section.code)
  return (whole ? readHttp(section.body) : null) ?? no(whyNot(section))
}

/**
 * The head of an answer and its body (RFC 9112). wget writes the head twice, at first indented, and of a redirect only
 * so. An answer of 1xx comes before the real one.
 */
const readHttp = (text: string): Answer | null => {
  const indented = /^(?: [^\n]*\n)*/.exec(text)?.[0] ?? ''
  const rest = text.slice(indented.length)
  const answer = rest.startsWith('HTTP/') ? rest : indented.trimStart()
  const status = Number(/^HTTP\/\d(?:\.\d)? (\d{3})\b/.exec(answer)?.[1] ?? 0)
  if (status === 0) return null
  const blank = /\r?\n\r?\n/.exec(answer)
  const body = blank === null ? '' : answer.slice(blank.index + blank[0].length)
  if (status < 200 && body.startsWith('HTTP/')) return readHttp(body)
  return { _tag: 'Http', status, body: body as HostText }
}

const logAnswer = ({ line }: LogCheck, { code, body }: Section): Answer => {
  switch (code) {
    case 0:
      return { _tag: 'Yes' }
    case 66:
      return no('there is no such file')
    case 77:
      return no('it cannot be read by this login')
    default:
      return no(`no line with "${line}" in the ${body.trim()} bytes written since the start`)
  }
}

/** timeout(1)'s, and KILL's. */
const lateCodes = [124, 137]

const whyNot = ({ code, body }: Section): string => {
  if (lateCodes.includes(code)) return `no answer within ${checkSeconds} s`
  const last = body.trim().split('\n').at(-1) ?? ''
  if (last !== '') return startOf(last, 200)
  return code === 0 ? 'it gave no answer that can be read' : `it ended with ${code}`
}

const no = (why: string): Answer => ({ _tag: 'No', why })

export const logEndsIn = (files: readonly string[], sections: readonly Section[]): LogEnds => {
  const ends = sections.filter(({ name }) => name === 'logend')
  return new Map(files.map((file, i) => [file, logEndOf(ends[i]?.body ?? '')] as const))
}

/** These go back to the host in a script: digits and blanks, and nothing else. */
const logEndOf = (body: string): LogEnd | null => {
  const [, inode = '', bytes = '', sum = ''] = /^(\d{1,20}) (\d{1,15}) ([\d ]*)\n?$/.exec(body) ?? []
  return inode === '' ? null : { inode, bytes: Number(bytes), sum }
}
