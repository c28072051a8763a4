/** Why sudo, doas or su did not let us in, from what it said. */
import type { Become, BecomeRefusal } from '../../model/become.js'
import type { RemoteError } from '../../model/remote-error.js'

export type Sign =
  | Readonly<{ _tag: 'Missing' }>
  /** su is for root alone here. */
  | Readonly<{ _tag: 'SuFromLogin' }>
  | Readonly<{ _tag: 'Said'; text: string; asked: number; gavePassword: boolean }>

export const explainRefusal = (become: Become, sign: Sign): RemoteError => {
  const { method, user } = become
  const refused = (reason: BecomeRefusal, why: string): RemoteError => ({ _tag: 'BecomeRefused', reason, why })
  switch (sign._tag) {
    case 'Missing':
      return refused('NotInstalled', `there is no ${method} on the host to become ${user} with`)
    case 'SuFromLogin':
      return refused(
        'NeedsTerminal',
        `su asks anybody but root for a password, on a terminal: use sudo to become ${user}`,
      )
    case 'Said': {
      const reason = reasonIn(sign.text, sign.asked)
      return refused(reason, inWords(reason, become, sign))
    }
  }
}

/**
 * What the login's own files print comes with it, and may be about anything. sudo 1.7 to 1.9, sudo-rs, OpenDoas and OpenBSD's doas. The order counts: a sudo that has given up over an expired
 * account adds that a password is required.
 */
const reasonIn = (text: string, asked: number): BecomeRefusal => {
  const [reason] = signs.find(([, sign]) => sign.test(text)) ?? []
  if (reason !== undefined) return reason
  return asked > 1 ? 'WrongPassword' : 'Other'
}

const signs: readonly (readonly [BecomeRefusal, RegExp])[] = [
  ['NeedsTerminal', /must have a tty|no tty present|a terminal is required|a tty is required/i],
  [
    'Expired',
    /^((sudo|doas): .*|(your )?(account or )?(account|password) ((has|is) )?)expired|account validation failure/im,
  ],
  ['UnknownUser', /unknown user|user '.*' not found/i],
  ['NotInSudoers', /is not in the sudoers file/i],
  ['NotAllowed', /is not allowed to|may not run sudo|I'm afraid I can't do that|doas: Operation not permitted/i],
  ['WrongPassword', /try again|incorrect (password|authentication) attempt/i],
  [
    'PasswordNeeded',
    /password is required|no password was provided|interactive authentication is required|doas: Auth(entication|orization) required/i,
  ],
  ['NotInstalled', /doas is not enabled/i],
]

const inWords = (reason: BecomeRefusal, { method, user }: Become, { text, gavePassword }: Said): string => {
  switch (reason) {
    case 'NeedsTerminal':
      return `${method} wants a terminal (requiretty), and there is none: allow it without for this login`
    case 'Expired':
      return `${method} says that the password or the account of this login has expired, or is locked${quoted(text)}`
    case 'UnknownUser':
      return `there is no user ${user} on the host to become`
    case 'NotInSudoers':
      return 'this login is not in the sudoers file of the host'
    case 'NotAllowed':
      return `${method} does not allow this login to run /bin/sh as ${user}`
    case 'WrongPassword':
      return `${method} refused the password; it is not tried again in this run, so that nothing is locked`
    case 'PasswordNeeded':
      if (method === 'doas')
        return `doas wants a password for becoming ${user}, and reads it from a terminal alone: use nopass`
      return gavePassword
        ? `${method} took no password for becoming ${user}`
        : `${method} wants a password for becoming ${user}, or does not know this login, and none was given: say -K`
    case 'NotInstalled':
      return `${method} is not set up on the host${quoted(text)}`
    case 'Other':
      return `${method} did not let this login become ${user}${quoted(text)}`
  }
}

type Said = Extract<Sign, { _tag: 'Said' }>

/** The end of it, as a lecture comes first, from a whole word on: a part of one may be one of a secret. */
const quoted = (text: string): string => {
  const said = text.trim().replace(/\s+/g, ' ')
  return said === '' ? '' : `; it says: "${said.length > 200 ? `…${said.slice(-200).replace(/^\S+\s/, '')}` : said}"`
}
