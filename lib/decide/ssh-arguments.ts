/** What `ansible_ssh_common_args` and `ansible_ssh_extra_args` say, as options of ssh_config(5). */
import * as E from 'fp-ts/lib/Either.js'
import type { SshOption, SshRoute } from '../model/inventory.js'

type SshArguments = Readonly<{ sshOptions: readonly SshOption[] }> & Pick<SshRoute, 'configFile'>

/** Takes only what has a meaning here: the Left says what has none, so that nothing is left out unseen. */
export const readSshArguments = (text: string): E.Either<string, SshArguments> => {
  const words = splitWords(text)
  if (words === null) return E.left('a quote is not closed')
  const sshOptions: SshOption[] = []
  let configFile: string | undefined
  for (let at = 0; at < words.length; at += 1) {
    const [flag, attached] = [words[at]?.slice(0, 2) ?? '', words[at]?.slice(2) ?? '']
    if (!flagsTaken.includes(flag)) return E.left(`"${words[at]}" has no meaning here; understood are ${understood}`)
    const value = attached === '' ? words[++at] : attached
    if (value === undefined || value === '') return E.left(`${flag} needs a value`)
    if (flag === '-F') {
      configFile ??= value
      continue
    }
    const option = flag === '-o' ? namedOption(value) : E.right([shortFor(flag), quoted(value)] as const)
    if (E.isLeft(option)) return option
    sshOptions.push(option.right)
  }
  return E.right({ sshOptions, ...(configFile === undefined ? {} : { configFile }) })
}

const optionsTaken = [
  'ConnectTimeout',
  'GlobalKnownHostsFile',
  'HostKeyAlias',
  'HostName',
  'IdentitiesOnly',
  'IdentityAgent',
  'IdentityFile',
  'Port',
  'ProxyCommand',
  'ProxyJump',
  'ServerAliveInterval',
  'StrictHostKeyChecking',
  'User',
  'UserKnownHostsFile',
]
const flagsTaken = ['-F', '-J', '-i', '-l', '-o', '-p']
const understood = `${flagsTaken.join(', ')} with ${optionsTaken.join(', ')}`

const shortFor = (flag: string): string => ({ '-J': 'ProxyJump', '-i': 'IdentityFile', '-l': 'User' })[flag] ?? 'Port'

/** ssh takes `name=value`, `name = value` and `name value`, in upper or lower case. */
const namedOption = (text: string): E.Either<string, SshOption> => {
  const match = /^\s*([A-Za-z]+)(?:\s*=\s*|\s+)(\S.*)$/.exec(text)
  const name = optionsTaken.find(option => option.toLowerCase() === match?.[1]?.toLowerCase())
  const value = match?.[2]
  if (name === undefined || value === undefined)
    return E.left(`"-o ${text}" has no meaning here; understood are ${understood}`)
  if (name === 'StrictHostKeyChecking' && !/^(yes|true|accept-new|ask)$/i.test(value))
    return E.left(`"-o ${text}" would trust any host: a key that is not known is always refused here`)
  return E.right([name, value])
}

const quoted = (value: string): string => (/\s/.test(value) ? `"${value}"` : value)

/** As a shell would, without its expansions; null where a quote is left open. */
const splitWords = (text: string): readonly string[] | null => {
  const words: string[] = []
  const whole = text.replace(
    /\s*((?:'[^']*'|"(?:\\[\s\S]|[^"\\])*"|\\[\s\S]|[^\s'"\\])+)(?=\s|$)/gy,
    (_all, word: string) => {
      words.push(
        word.replace(
          /'([^']*)'|"((?:\\[\s\S]|[^"\\])*)"|\\([\s\S])/g,
          (_part, single?: string, double?: string, escaped?: string) =>
            single ?? double?.replace(/\\([\\"$`])/g, '$1') ?? escaped ?? '',
        ),
      )
      return ''
    },
  )
  return whole.trim() === '' ? words : null
}
