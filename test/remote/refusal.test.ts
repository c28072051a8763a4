import * as assert from 'uvu/assert'
import type { BecomeRefusal } from '../../lib/model/become.js'
import { explainRefusal } from '../../lib/remote/become/explain-refusal.js'
import { describe } from '../helpers/test.js'

/** sudo 1.9.13 and OpenDoas 6.8.2 as they were seen; older ones, sudo-rs and OpenBSD's doas as they are known to say it. */
const said: readonly (readonly [BecomeRefusal, string])[] = [
  ['NeedsTerminal', 'sudo: sorry, you must have a tty to run sudo'],
  ['NeedsTerminal', 'sudo: no tty present and no askpass program specified'],
  ['NeedsTerminal', 'doas: a tty is required'],
  ['PasswordNeeded', 'sudo: a password is required'],
  ['PasswordNeeded', 'sudo: interactive authentication is required'],
  ['PasswordNeeded', 'doas: Authentication required'],
  ['PasswordNeeded', 'doas: Authorization required'],
  ['WrongPassword', 'Sorry, try again.\n\nsudo: no password was provided\nsudo: 1 incorrect password attempt'],
  ['WrongPassword', 'sudo: Authentication failed, try again.\nsudo: Maximum 3 incorrect authentication attempts'],
  ['NotInSudoers', 'op is not in the sudoers file.  This incident will be reported.'],
  ['NotInSudoers', 'op is not in the sudoers file.'],
  ['NotAllowed', "Sorry, user op is not allowed to execute '/bin/sh' as root on one."],
  ['NotAllowed', 'op is not allowed to run sudo on one.  This incident will be reported.'],
  ['NotAllowed', "sudo: I'm sorry op. I'm afraid I can't do that"],
  ['NotAllowed', 'doas: Operation not permitted'],
  ['Expired', 'sudo: Account or password is expired, reset your password and try again\nsudo: a password is required'],
  ['Expired', 'sudo: account validation failure, is your account locked?\nsudo: a password is required'],
  ['Expired', 'sudo: Password expired, contact your system administrator'],
  ['Expired', 'Your account has expired; please contact your system administrator.\nsudo: a password is required'],
  ['Expired', 'Account or password is expired, reset your password and try again'],
  ['Expired', 'Password has expired\ndoas: Authorization failed'],
  ['PasswordNeeded', 'Your maintenance contract has expired\nsudo: a password is required'],
  ['PasswordNeeded', 'Password vault: licence expired\nsudo: a password is required'],
  ['UnknownUser', 'sudo: unknown user: nosuch\nsudo: unable to initialize policy plugin'],
  ['UnknownUser', 'sudo: unknown user nosuch\nsudo: error initializing audit plugin sudoers_audit'],
  ['UnknownUser', "sudo: user 'nosuch' not found"],
  ['UnknownUser', 'doas: unknown user'],
  ['WrongPassword', 'No password ever expired here.\nSorry, try again.'],
  ['NotInstalled', 'doas: doas is not enabled, /etc/doas.conf: No such file or directory'],
  ['Other', 'sudo: /etc/sudoers is world writable\nsudo: no valid sudoers sources found, quitting'],
]

describe('what sudo and doas say', test => {
  for (const [reason, text] of said) {
    test(`is understood as ${reason}: ${text.split('\n')[0]}`, () => {
      const become = { method: text.startsWith('doas') ? 'doas' : 'sudo', user: 'root', password: null } as const
      const error = explainRefusal(become, { _tag: 'Said', text, asked: 1, gavePassword: true })
      assert.is(error._tag === 'BecomeRefused' ? error.reason : error._tag, reason)
    })
  }
})
