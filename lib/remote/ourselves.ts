/** Who runs this. */
import { userInfo } from 'node:os'

/** A uid need not be in the password database, as in a container: then it is its number, at home nowhere (`/`). */
export const ourselves = (): Readonly<{ uid: number; name: string; home: string }> => {
  try {
    const { uid, username, homedir } = userInfo()
    return { uid, name: username, home: homedir }
  } catch {
    const uid = process.geteuid?.() ?? -1
    return { uid, name: String(uid), home: '/' }
  }
}
