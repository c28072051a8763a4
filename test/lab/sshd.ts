/** The sshd of a lab host: key logins only, and a log that shows every session and command. */

/** sshd_config(5) takes the first value it meets, so what a test lays in sshd_config.d/ wins over the rest. */
export const sshdConfig = `Include /etc/ssh/sshd_config.d/*.conf
HostKey /etc/ssh/ssh_host_ed25519_key
PidFile /run/sshd.pid
LogLevel VERBOSE
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
UseDNS no
Subsystem sftp internal-sftp
`

/** Where a test's own lines go, to be read at the start or after a HUP to the pid in /run/sshd.pid. */
export const sshdExtraConfig = '/etc/ssh/sshd_config.d/test.conf'

/** With `LogLevel VERBOSE`, a line like "Starting session: command for root from …" for each command. */
export const sshdLog = '/var/log/sshd.log'
