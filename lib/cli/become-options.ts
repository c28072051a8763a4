/** As whom to act where neither a play, a service nor the inventory says so. */
import { type BecomeMethod, type BecomeWish, becomeMethods } from '../model/become.js'
import type { Template } from '../model/template.js'

export type BecomeOptions = Readonly<{ become?: boolean; becomeUser?: string; becomeMethod?: BecomeMethod }>

export const becomeWish = ({ become, becomeUser, becomeMethod }: BecomeOptions): BecomeWish<Template> => ({
  become: become ?? null,
  user: becomeUser === undefined ? null : { parts: [becomeUser], at: { file: '--become-user', line: 1, column: 1 } },
  method: becomeMethod ?? null,
})

/** As they are written down with a run, and read again. */
export const becomeAsJournalled = (options: BecomeOptions): Readonly<Record<string, string | boolean>> => ({
  ...(options.become === undefined ? {} : { become: options.become }),
  ...(options.becomeUser === undefined ? {} : { 'become-user': options.becomeUser }),
  ...(options.becomeMethod === undefined ? {} : { 'become-method': options.becomeMethod }),
})

export const becomeFromJournal = (more: Readonly<Record<string, unknown>>): BecomeOptions => {
  const method = becomeMethods.find(one => one === more['become-method'])
  return {
    ...(typeof more['become'] === 'boolean' ? { become: more['become'] } : {}),
    ...(typeof more['become-user'] === 'string' ? { becomeUser: more['become-user'] } : {}),
    ...(method === undefined ? {} : { becomeMethod: method }),
  }
}
