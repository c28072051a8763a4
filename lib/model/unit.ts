/** The units that systemd makes of init scripts (systemd-sysv-generator(8)), by the names of the scripts. */

/** Where the generator looks for scripts: the same folder on any one machine, by one name or by both. */
const scriptFolders = ['/etc/init.d/', '/etc/rc.d/init.d/'] as const

/** Null where systemd makes no unit of the script, or one whose name is written in another way. */
export const unitNameOf = (script: string): string | null => {
  const name = scriptNameOf(script)?.replace(/\.sh$/, '') ?? ''
  return /^[A-Za-z0-9][A-Za-z0-9:_.-]*$/.test(name) ? `${name}.service` : null
}

/** The name of a script among the init scripts; null for one that is elsewhere. */
export const scriptNameOf = (path: string): string | null => {
  const folder = scriptFolders.find(one => path.startsWith(one))
  const name = path.slice(folder?.length)
  return folder === undefined || name.includes('/') ? null : name
}
