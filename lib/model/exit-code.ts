/** What the process says to its caller when it ends. */
export const exitCodes = {
  ok: 0,
  failed: 2,
  unreachable: 4,
  badInput: 5,
  /** Only of a look ahead that was asked to tell. */
  pending: 10,
  locked: 75,
  interrupted: 99,
  bug: 250,
} as const
/** One of them. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]
