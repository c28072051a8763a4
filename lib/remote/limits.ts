/** What all transports of one run have in common, as they share this process and the hosts. */
import { type Descriptors, descriptorsHere } from './descriptors.js'
import { type Ramps, rampsFor } from './ssh/handshakes.js'
import { type PasswordTries, passwordTries } from './ssh/password-tries.js'
import { turnstile } from './ssh/turnstile.js'

export type Limits = Readonly<{
  ramps: Ramps
  descriptors: Descriptors
  passwordTries: PasswordTries
  /** What writes to known_hosts waits in line here first. */
  oneByOne: <A>(task: () => Promise<A>) => Promise<A>
}>

export const limitsHere = (): Limits => ({
  ramps: rampsFor(),
  descriptors: descriptorsHere(),
  passwordTries: passwordTries(),
  oneByOne: turnstile(1),
})
