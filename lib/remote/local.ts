/** The transport to this machine itself: a shell of our own, without SSH. */
import { shellTransport } from './shell.js'
import type { Transport } from './transport.js'

export const localTransport: Transport = shellTransport(() => ['/bin/sh'])
