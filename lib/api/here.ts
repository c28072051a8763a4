/** What this process is, and for whom: asked when it is needed, as it may change. */
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { fileURLToPath } from 'node:url'
import { ourselves } from '../remote/ourselves.js'
import { type JournalPlace, journalPlace } from '../run/journal/folder.js'

/** The folder steward is installed in. */
export const shipped = fileURLToPath(new URL('../../../', import.meta.url)).replace(/\/$/, '')

/** Of steward. */
export const version = (): string => JSON.parse(readFileSync(`${shipped}/package.json`, 'utf8')).version

/** `HOME` is where a user may point elsewhere; the password database is where it comes from otherwise. */
export const login = () => {
  const { name, home } = ourselves()
  const { HOME, SSH_AUTH_SOCK } = process.env
  return { user: name, home: HOME || home, agentSocket: SSH_AUTH_SOCK || null }
}

/** For whoever finds our lock on a host. */
export const whoWeAre = (): string => `${ourselves().name}@${hostname()} pid ${process.pid}`

/** Of whoever calls this, by its environment. */
export const ourJournals = (): JournalPlace =>
  journalPlace(process.env['XDG_STATE_HOME'], login().home, process.geteuid?.())
