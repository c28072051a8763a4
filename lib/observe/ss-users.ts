/** Who holds a socket, as `ss -p` writes it behind a row. */

/**
 * `users:(("java",pid=7159,fd=46),("java",pid=7160,fd=46))`, or `("sshd",1138,3)` as iproute2 before 4 had it. ss does
 * not escape names, and a process that calls itself `x",pid=1,fd=3` seems to be two: a quote inside a name makes the
 * owner unknown. So does a comma, as what stands between two real names holds some: in the 15 bytes that a name may
 * have (proc(5), comm) nothing can then pass for two. Null where there is no such list or it leaves doubt.
 */
export const ownersOfUsers = (tail: string): readonly number[] | null => {
  const start = tail.search(/[^ \t]/)
  if (start < 0 || !tail.startsWith('users:(', start)) return null
  const owners = new Set<number>()
  let at = start + 'users:('.length
  for (;;) {
    owner.lastIndex = at
    const match = owner.exec(tail)
    if (match === null) return null
    owners.add(Number(match[1] ?? match[2]))
    at = owner.lastIndex
    if (tail[at] !== ',') break
    at += 1
  }
  // Behind the list come other facts, never another list.
  const rest = tail.slice(at + 1)
  return tail[at] === ')' && /^($|[ \t])/.test(rest) && !rest.includes('"') ? [...owners] : null
}

const owner = /\("[^",]*",(?:pid=(\d{1,10}),fd=\d+|(\d{1,10}),\d+)\)/y
