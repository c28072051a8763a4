/** What was given on the command line, with what `ansible.cfg` and the environment say besides. */
import { CommanderError } from 'commander'
import * as E from 'fp-ts/lib/Either.js'
import { type CommonOptions, refuse } from './common.js'
import { passwordSources } from './password-sources.js'
import { readSettings, warn } from './settings.js'

export type Given = Omit<CommonOptions, 'shipped' | 'inventory' | 'forks'> &
  Readonly<{ inventory?: readonly string[]; forks?: number }>

/** What is not said here is as `ansible.cfg` and the environment say, as far as Ansible's names mean anything here. */
export const settled = <A extends Partial<Given>>(given: A, shipped: string) => {
  const settings = readSettings()
  if (E.isLeft(settings)) throw new CommanderError(refuse(settings.left, given), 'steward.settings', '')
  const { inventory, forks, timeout, defaults, become, warnings } = settings.right
  warn(warnings)
  return {
    ...(timeout === null ? {} : { connectTimeout: timeout }),
    ...given,
    ...passwordSources(settings.right, given),
    inventory: given.inventory ?? inventory ?? ['inventory/hosts.yml'],
    forks: given.forks ?? forks ?? 50,
    defaults,
    configured: become,
    shipped,
  }
}
