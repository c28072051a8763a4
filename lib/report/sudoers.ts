/** Rules of sudoers(5) as a file of /etc/sudoers.d, with what they grant said plainly. */
import type { SudoersNeeds, SudoersRule } from '../model/sudoers.js'

export const sudoersText = ({ rules, without, otherwise }: SudoersNeeds): string =>
  [
    ...(rules.length === 0 ? ['# No service of these catalogs is run by sudo on these hosts: no rule is needed.'] : []),
    ...rules.flatMap((rule, i) => [...(i === 0 ? [] : ['']), ...ruleLines(rule)]),
    ...(without.length === 0 || rules.length === 0 ? [] : ['', ...comment(`None is needed on ${without.join(', ')}.`)]),
    ...(otherwise.length === 0
      ? []
      : ['', ...otherwise.map(what => `# Not by sudo, and not allowed by this: ${what}.`)]),
    '',
  ].join('\n')

/**
 * steward feeds whole scripts to one shell: its look reads every process, and the command that starts a service may be
 * anything. A list of commands would look smaller, and would not let it work.
 */
const ruleLines = ({ hosts, login, users }: SudoersRule): readonly string[] => {
  const everything = users.includes('root') ? 'whatever it wants on these hosts' : `whatever ${users.join(' and ')} may`
  return [
    ...comment(`For /etc/sudoers.d/steward, owned by root with mode 0440, on: ${hosts.join(', ')}`),
    ...comment(
      `It lets ${login} do ${everything}, without a password: steward runs its scripts in a shell, so that the shell is all that can be named. Guard the key of ${login} as that of ${users.join(' or ')}. With PASSWD in place of NOPASSWD its password is asked for too: steward -K.`,
    ),
    `Defaults:${nameIn(login)} !requiretty, passwd_tries=1`,
    `${nameIn(login)} ALL=(${users.map(nameIn).join(', ')}) NOPASSWD: /bin/sh`,
  ]
}

/** Letters that mean something in sudoers(5) are escaped there: `DOMAIN\user`, `me@example.com`. */
const nameIn = (user: string): string => user.replace(/[^A-Za-z0-9_.-]/g, letter => `\\${letter}`)

const width = 100

const comment = (text: string): readonly string[] => {
  const lines: string[] = []
  let line = '#'
  for (const word of text.split(' ')) {
    if (line.length + word.length >= width && line !== '#') {
      lines.push(line)
      line = '#'
    }
    line += ` ${word}`
  }
  return [...lines, line]
}
