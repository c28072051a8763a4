/** Where passwords come from: as the command line says, else as `ansible.cfg` and the environment do. */
import type { AnsibleConfig } from '../read/ansible-config.js'
import type { AccessOptions } from './access.js'
import type { VaultOptions } from './vault-keys.js'

type Settings = Pick<
  AnsibleConfig,
  'asks' | 'becomePasswordFile' | 'connectionPasswordFile' | 'vaultIds' | 'vaultPasswordFile'
>
type Sources = Partial<Omit<AccessOptions, 'hostKey'>> & VaultOptions

/** As in Ansible, a setting that has somebody asked counts before one that names a file, and vault ids add up. */
export const passwordSources = (settings: Settings, given: Sources): Sources => {
  const { asks, becomePasswordFile, connectionPasswordFile, vaultIds, vaultPasswordFile } = settings
  const isLoginGiven = given.askPass || given.connectionPasswordFile !== undefined
  const isBecomeGiven = given.askBecomePass || given.becomePasswordFile !== undefined
  const isVaultGiven = given.vaultPasswordFile !== undefined || process.env['ANSIBLE_VAULT_PASSWORD_FILE']
  return {
    ...(isLoginGiven || !asks.login ? {} : { askPass: true }),
    ...(isLoginGiven || asks.login || connectionPasswordFile === null ? {} : { connectionPasswordFile }),
    ...(isBecomeGiven || !asks.become ? {} : { askBecomePass: true }),
    ...(isBecomeGiven || asks.become || becomePasswordFile === null ? {} : { becomePasswordFile }),
    ...(isVaultGiven || vaultPasswordFile === null ? {} : { vaultPasswordFile: [vaultPasswordFile] }),
    ...(vaultIds.length === 0 ? {} : { vaultId: [...vaultIds, ...(given.vaultId ?? [])] }),
    ...(asks.vault ? { askVaultPass: true } : {}),
  }
}
