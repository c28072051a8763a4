/** How to take the system's own OpenSSH, for what the built-in client cannot do. */
export const otherClient = '--transport openssh, or ansible_connection: ssh-cli for this host'
