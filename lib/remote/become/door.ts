/** Shell text that makes the login's shell another user's, for each of the ways there are. */
import type { Become, BecomeMethod } from '../../model/become.js'
import type { Secret } from '../../model/secret.js'
import { shellWord } from '../../model/shell.js'
import type { Door } from '../transport.js'
import { explainRefusal } from './explain-refusal.js'

/**
 * `password` null: it must go without one (`sudo -n`). `nonce` is fresh for every door, so that nothing else can have
 * printed the prompt or the mark.
 *
 * Nobody is asked where the login is that user already. The program is looked for in the system's folders first, as it
 * gets the password. Its messages are read, so that it speaks English; the shell behind it gets the locale back.
 */
export const doorTo = (
  become: Become,
  password: Secret | null,
  nonce: string,
  onPasswordGiven: () => void = () => {},
): Door => {
  const mark = `steward-${nonce} door`
  const prompt = `steward-${nonce} password: `
  const [missing, notRoot] = [`steward-${nonce} missing`, `steward-${nonce} not root`]
  const text = `{
if [ "$(id -un)" = ${shellWord(become.user)} ]; then
echo '${mark}' $PPID
else
steward_tool=$(PATH=/usr/bin:/bin:/usr/sbin:/sbin:/usr/local/bin:/usr/local/sbin\${PATH:+:$PATH}; command -v ${become.method})
case $steward_tool in /*) ;; *) echo '${missing}' >&2; exit 127 ;; esac
${wayBy[become.method](become, { mark, notRoot, prompt: password === null ? null : prompt })}
fi
}
`
  return {
    text,
    mark,
    prompt,
    password,
    onPasswordGiven,
    arrive: arriveWith,
    refusal: (stderr, asked) => {
      const said = stderr.replaceAll(prompt, '')
      if (said.includes(missing)) return explainRefusal(become, { _tag: 'Missing' })
      if (said.includes(notRoot)) return explainRefusal(become, { _tag: 'SuFromLogin' })
      return explainRefusal(become, { _tag: 'Said', text: said, asked, gavePassword: password !== null })
    },
  }
}

type Signs = Readonly<{ mark: string; notRoot: string; prompt: string | null }>

const inEnglish = `steward_locale=\${LC_ALL-} LC_ALL=C
export LC_ALL`

const shellBehind = (mark: string): string =>
  `/bin/sh -c 'echo "$@"; exec /bin/sh' sh ${shellWord(mark)} "$PPID" "$steward_locale"`

/**
 * For the other user's shell, before the script. The connection is not exported: what the script starts does not get it.
 * LC_ALL is ours where it is C, and then becomes what it was in the login; what sudo or doas has left out stays out.
 */
const arriveWith = (said: string): string => {
  const [, connection = '', locale = ''] = /^(\d+)(?: ([A-Za-z0-9_.@-]*))?$/.exec(said) ?? []
  const restored = locale === '' ? 'unset LC_ALL' : `LC_ALL=${locale}`
  return `steward_connection=${connection}; [ "\${LC_ALL-}" != C ] || ${restored}\n`
}

/** `-k`: credentials that sudo may have kept are neither used nor made, so that each script goes the same way. */
const wayBy: Readonly<Record<BecomeMethod, (become: Become, signs: Signs) => string>> = {
  sudo: ({ user }, { mark, prompt }) => `${inEnglish}
exec "$steward_tool" -k ${prompt === null ? '-n' : `-S -p ${shellWord(prompt)}`} -H -u ${shellWord(user)} -- ${shellBehind(mark)}`,
  // It reads a password from a terminal alone.
  doas: ({ user }, { mark }) => `${inEnglish}
exec "$steward_tool" -n -u ${shellWord(user)} ${shellBehind(mark)}`,
  // Only root is not asked, and all others are on a terminal.
  su: ({ user }, { mark, notRoot }) => `[ "$(id -u)" = 0 ] || { echo '${notRoot}' >&2; exit 1; }
exec "$steward_tool" -s /bin/sh ${shellWord(user)} -c "echo '${mark}' $PPID; exec /bin/sh"`,
}
