/** The checks of a service's readiness on one host, with the host's variables filled in. */
import type { ListenAddress } from '../model/listen-address.js'
import type { Check, ReadyRules, WrittenCheck } from '../model/ready.js'
import type { Template } from '../model/template.js'

/** How a template of each kind is filled in; what cannot be is refused by whoever does it. */
export type Filling = Readonly<{
  text: (template: Template) => string
  path: (template: Template) => string
  command: (template: Template) => string
  listen: (template: Template) => ListenAddress
  refuse: (template: Template, expected: string, found: string) => void
}>

export const placeReady = (ready: ReadyRules<WrittenCheck>, filling: Filling): ReadyRules<Check> => ({
  ...ready,
  checks: ready.checks.map(check => placeCheck(check, filling)),
})

const placeCheck = (check: WrittenCheck, filling: Filling): Check => {
  const { text, path, command, listen, refuse } = filling
  switch (check._tag) {
    case 'Http': {
      const url = text(check.url)
      const fault = urlFault(url)
      if (fault !== null) refuse(check.url, 'an http or https URL without a user in it', fault)
      return { ...check, url, body: check.body === null ? null : line(check.body, filling) }
    }
    case 'Tcp':
      return { ...check, place: listen(check.place) }
    case 'Log':
      return { ...check, file: path(check.file), line: line(check.line, filling) }
    case 'Command':
      return { ...check, command: command(check.command) }
  }
}

/** Nothing would be in every text; and several lines are no line. */
const line = (template: Template, { text, refuse }: Filling): string => {
  const found = text(template)
  if (found === '') refuse(template, 'a text that is looked for', 'nothing')
  if (/[\r\n]/.test(found)) refuse(template, 'a text of one line', 'several lines')
  return found
}

/** A password would show in the process list of the host; it is not repeated here either. */
const urlFault = (text: string): string | null => {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url !== null && (url.username !== '' || url.password !== '')) return 'one with a user in it'
  const isHttp = url !== null && /^https?:\/\/[^\s]+$/.test(text)
  return isHttp ? null : `"${text}"`
}
