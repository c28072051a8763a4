/** What all transports of one run have in common, as they share this process and the hosts. */
import { type Descriptors, descriptorsHere } from './descriptors.js'
import { type Ramps, rampsFor } from './ssh/handshakes.js'

export type Limits = Readonly<{ ramps: Ramps; descriptors: Descriptors }>

export const limitsHere = (): Limits => ({ ramps: rampsFor(), descriptors: descriptorsHere() })
