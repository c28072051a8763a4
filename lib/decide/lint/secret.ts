/** Does a command line seem to give a secret away? */

/** A file that holds one, a variable of the shell's and what another command prints give nothing away. */
export const holdsSecret = (command: string): boolean => assigned.test(command) || given.test(command)

const name = String.raw`[\w-]*(?:password|passwd|secret|token|api[_-]?key)`
const value = String.raw`["']?[^\s"'$\x60/<&|;-]`

/** `DB_PASSWORD=x`, `--password=x`, `-Djdbc.password=x` */
const assigned = new RegExp(String.raw`(?:^|[\s"';.&?-])${name}=${value}`, 'i')

/** `--password x` */
const given = new RegExp(String.raw`(?:^|\s)--${name}\s+${value}`, 'i')
