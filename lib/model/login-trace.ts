/** A login at one sshd, a host's or that of a jump host before it: by what, as whom, and what came of it. */

export type LoginTrace = Readonly<{
  client: 'ssh2' | 'openssh'
  address: string
  port: number
  user: string
  /** The jump host that it goes through, as in `me@jump1 port 2222`, or `ProxyCommand`; null: it goes straight. */
  through: string | null
  /** What the sshd calls itself, as in `OpenSSH_9.2p1`; null where it has not said. */
  software: string | null
  hostKey: ShownKey | null
  negotiated: Negotiated | null
  /** In order. */
  tried: readonly LoginTry[]
  /** Until its sshd was reached; null where that was not seen apart. */
  reachedMs: number | null
  /** All of it. */
  tookMs: number
  /** Null: it is logged in. */
  failed: string | null
}>

/** `foundAt`: the file and line that know it, as in `/home/me/.ssh/known_hosts:3`; null: none does. */
type ShownKey = Readonly<{ keyType: string; fingerprint: string; foundAt: string | null }>

/** As in RFC 4253, 7.1; from here to there. `mac` is null where the cipher is one itself. */
type Negotiated = Readonly<{ kex: string; hostKey: string; cipher: string; mac: string | null }>

/** `with`: a key file, a key of the agent, or `the password`. `more wanted`: it was taken, and is not enough. */
export type LoginTry = Readonly<{ with: string; outcome: 'taken' | 'more wanted' | 'refused' | 'unanswered' }>
