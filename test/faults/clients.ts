/** The two ways over SSH: a fault has to be told in the same way by both. `args`: for the command line. */
export const clients = [
  { name: 'ssh2', with: {}, args: ['--transport', 'ssh'] },
  { name: 'openssh', with: { client: 'openssh' }, args: ['--transport', 'openssh'] },
] as const
