/** The two ways over SSH: a fault has to be told in the same way by both. */
export const clients = [
  { name: 'ssh2', with: {} },
  { name: 'openssh', with: { client: 'openssh' } },
] as const
