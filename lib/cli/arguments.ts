/** Values of the command line: each is what it says, or is refused with what it has to be. */
import { InvalidArgumentError } from 'commander'
import { parseShare } from '../model/rollout.js'
import { sharesIn } from './rollout-options.js'

export const positive = (text: string): number => {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError('It has to be a whole number from 1 up.')
  return value
}

export const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]

/** `90s`, `2m`; a bare number counts seconds. */
export const seconds = (text: string): number => {
  const match = /^(\d{1,6})(s|m|h)?$/.exec(text)
  if (match === null) throw new InvalidArgumentError('It has to be a time such as 30s or 2m.')
  return Number(match[1]) * { s: 1, m: 60, h: 3600 }[(match[2] ?? 's') as 's' | 'm' | 'h']
}

export const moreThanNothing = (text: string): number => {
  const value = seconds(text)
  if (value === 0) throw new InvalidArgumentError('It has to be longer than 0s.')
  return value
}

export const userName = (text: string): string => {
  if (!/^[A-Za-z_][A-Za-z0-9_.@\\-]*$/.test(text)) throw new InvalidArgumentError('It has to be the name of a user.')
  return text
}

/** `a,b`, again for more. */
export const collectWords = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  ...value.split(',').map(word => word.trim()),
]

/** One host or instance at least. */
export const someShare = (text: string): string => {
  const share = parseShare(text)
  if (share === null || (share._tag === 'Count' && share.count === 0))
    throw new InvalidArgumentError('It has to be a number from 1 up, or a percentage such as 25%.')
  return text
}

export const shares = (text: string): string => {
  if (sharesIn(text) === null) throw new InvalidArgumentError('It has to be numbers or percentages, such as 1,5,25%.')
  return text
}

export const percentage = (text: string): number => {
  const value = /^\d{1,3}$/.test(text) ? Number(text) : 101
  if (value > 100) throw new InvalidArgumentError('It has to be a percentage from 0 to 100.')
  return value
}

export const moment = (text: string): number => {
  const ms = /(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(ms))
    throw new InvalidArgumentError('It has to be a time with its zone, such as 2026-11-24T23:00:00Z.')
  return ms
}
