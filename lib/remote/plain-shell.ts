/** Rids a shell of what its login has put in the way of the tools that a script calls. */
import type { Script } from './transport.js'

/** Where /bin/sh is bash, functions that the login exports would stand in for them. */
const plainShell = '[ -z "$BASH_VERSION" ] || unset -f $(compgen -A function)\n'

export const plainly = (script: Script): Script => ({
  ...plain(script),
  ...(script.door === undefined ? {} : { door: plain(script.door) }),
})

const plain = <A extends Readonly<{ text: string }>>(shell: A): A => ({ ...shell, text: plainShell + shell.text })
