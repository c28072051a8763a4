/** What a run or a look must show nobody: what a vault holds, and the passwords it works with. */
import { secretsIn } from '../decide/secrets.js'
import type { Expansion } from '../model/playbook.js'
import { mapTexts, type Redaction, redactionsOf, redactor } from '../model/redact.js'
import type { Secret } from '../model/secret.js'

/** What a person has given to work with. */
export type Passwords = Readonly<{ password?: Secret | null; becomePassword?: Secret | null }>

/** Those of the inventory, and those that a person has given. */
export const passwordsOf = (expansion: Expansion, { password, becomePassword }: Passwords): readonly string[] =>
  [...secretsIn(expansion), password, becomePassword].flatMap(secret => secret?.reveal() ?? [])

export const redactionsFor = (expansion: Expansion, access: Passwords): readonly Redaction[] => [
  ...(expansion.redactions ?? []),
  ...passwordsOf(expansion, access).flatMap(redactionsOf),
]

/** The same without all that. */
export const hide = <A>(value: A, expansion: Expansion, access: Passwords): A => {
  const redactions = redactionsFor(expansion, access)
  return redactions.length === 0 ? value : mapTexts(value, redactor(redactions))
}
