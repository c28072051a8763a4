/** Offers our keys to a host, each once, as long as it takes keys at all; then the password, if there is one, once. */
import type { AnyAuthMethod, KeyboardInteractiveAuthMethod } from 'ssh2'
import type { LoginTry } from '../../model/login-trace.js'
import type { Secret } from '../../model/secret.js'
import type { Identities } from './identities.js'
import type { PasswordTry } from './password-tries.js'

export type Offering = Readonly<{
  /** What ssh2 asks for before each attempt, with the ways the host still takes; null before it has said so. */
  next: (taken: readonly string[] | null, isPartial: boolean | null) => Promise<AnyAuthMethod | false>
  /** Adds something to be said should the login fail. */
  note: (trouble: string) => void
  /** To be called at the end of the login, with what became of it. */
  end: (isLoggedIn: boolean) => void
  /** There is nothing to be won by logging in again: no key is left, or the password is spent. */
  isOver: () => boolean
  /** Who was refused, with what, and what the host would take instead. */
  outcome: () => string
  /** What was offered so far, and what the host made of it. */
  tries: () => readonly LoginTry[]
}>

/** `begin`: null where the password was refused before. `giveUp` ends a login that has become pointless. */
export type Password = Readonly<{ secret: Secret; begin: () => Promise<PasswordTry | null> }>

export const offerKeys = (
  user: string,
  { offers, unusable }: Identities,
  password: Password | null,
  giveUp: () => void,
): Offering => {
  const keys: string[] = []
  const tried: string[] = []
  const answers: LoginTry['outcome'][] = []
  const notes = new Set(unusable)
  let wanted: readonly string[] | null = null
  let wantsMore = false
  let isOver = false
  let passwordTry: PasswordTry | null = null
  let isUnanswered = false
  let isEnded = false

  const nextKey = (taken: readonly string[] | null): AnyAuthMethod | null => {
    const offer = taken === null || taken.includes('publickey') ? offers[keys.length] : undefined
    if (offer === undefined) return null
    keys.push(offer.label)
    tried.push(offer.label)
    return offer.method(user)
  }
  const send = (): string => {
    tried.push('the password')
    isOver = true
    isUnanswered = true
    return password?.secret.reveal() ?? ''
  }
  const prompt: KeyboardInteractiveAuthMethod['prompt'] = (_name, _instructions, _language, prompts, answer) => {
    const [only] = prompts
    if (prompts.length === 1 && only?.echo === false && !tried.includes('the password')) return answer([send()])
    notes.add(`it asks for more than a password: ${prompts.map(({ prompt }) => prompt.trim()).join(', ')}`)
    isOver = true
    giveUp()
  }
  const nextPassword = async (taken: readonly string[]): Promise<AnyAuthMethod | null> => {
    const way = taken.find(way => way === 'password') ?? taken.find(way => way === 'keyboard-interactive')
    if (password === null || passwordTry !== null || way === undefined) return null
    passwordTry = await password.begin()
    // Whoever waits for this try would wait for ever.
    if (isEnded) passwordTry?.end(true)
    if (isEnded) return null
    if (passwordTry === null) {
      notes.add('its password was not taken before, and is not tried again')
      return null
    }
    if (way === 'keyboard-interactive') return { type: way, username: user, prompt }
    return { type: 'password', username: user, password: send() }
  }

  return {
    next: async (taken, isPartial) => {
      wanted = taken
      wantsMore ||= isPartial === true
      isUnanswered = false
      if (tried.length > answers.length) answers.push(isPartial === true ? 'more wanted' : 'refused')
      // Without any key, this makes the host say at least what it wants.
      if (taken === null && offers.length === 0) return { type: 'none', username: user }
      const method = nextKey(taken) ?? (await nextPassword(taken ?? []))
      isOver ||= method === null
      return method ?? false
    },
    note: trouble => notes.add(trouble),
    end: isLoggedIn => {
      isEnded = true
      if (isLoggedIn && tried.length > answers.length) answers.push('taken')
      passwordTry?.end(isLoggedIn || !tried.includes('the password'))
    },
    isOver: () => isOver,
    tries: () => tried.map((what, i) => ({ with: what, outcome: answers[i] ?? 'unanswered' })),
    outcome: () => {
      const refused =
        tried.length === 0
          ? `there is no key to log in as ${user}`
          : `the host refused ${user} with ${tried.join(', ')}`
      const silence = isUnanswered ? ['it was given the password and hung up'] : []
      return [refused, ...silence, ...wordsForWanted(wanted ?? [], wantsMore, password !== null), ...notes].join('; ')
    },
  }
}

const wordsForWanted = (wanted: readonly string[], wantsMore: boolean, hasPassword: boolean): readonly string[] => {
  if (wanted.length === 0) return []
  const isPassword = wanted.includes('password') || wanted.includes('keyboard-interactive')
  const hint = isPassword && !hasPassword ? ': --ask-pass asks for a password' : ''
  if (wantsMore) return [`it took ${hasPassword ? 'that much' : 'a key'} and wants more: ${wanted.join(', ')}${hint}`]
  const words = `it takes ${wanted.join(', ')}`
  return [wanted.includes('publickey') ? words : `${words} and no keys${hint}`]
}
