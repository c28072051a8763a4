/** Keeps a password that was refused from being tried again: accounts are locked after a few failures. */

export type PasswordTry = Readonly<{
  /** False: the host refused it, or did not say what it made of it. Only the first word counts. */
  end: (isTaken: boolean) => void
}>

/** Null: it has been tried there and was not taken. While somebody else tries it there, that is waited for. */
export type PasswordTries = Readonly<{ begin: (account: string) => Promise<PasswordTry | null> }>

export const passwordTries = (): PasswordTries => {
  const tries = new Map<string, Promise<boolean>>()
  return {
    begin: async account => {
      const last = tries.get(account)
      if (last !== undefined && !(await last)) return null
      let end: PasswordTry['end'] = () => {}
      tries.set(
        account,
        new Promise(resolve => {
          end = resolve
        }),
      )
      return { end }
    },
  }
}
