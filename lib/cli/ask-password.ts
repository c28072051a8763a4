/** Asks for a password that an option wants, and takes none that is empty: each host would count it as a failure. */
import * as E from 'fp-ts/lib/Either.js'
import type { InputProblems } from '../model/problem.js'
import type { Secret } from '../model/secret.js'
import { askHidden } from './ask-hidden.js'

export const askPassword = async (option: '-k' | '-K', question: string): Promise<E.Either<InputProblems, Secret>> => {
  const typed = await askHidden(question)
  if (typed === null) return refused(`${option} asks for a password, and there is no terminal to ask on`)
  return isPassword(typed.reveal()) ? E.right(typed) : refused(`${option} asked for a password and got none`)
}

/** Some text, on one line. */
export const isPassword = (text: string): boolean => /^[^\n\r\0]+$/.test(text)

const refused = (reason: string): E.Left<InputProblems> => ({ _tag: 'Left', left: [{ _tag: 'BadUsage', reason }] })
