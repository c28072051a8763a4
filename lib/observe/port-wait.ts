/** A look that is put off on the host itself until a port opens: it tells when to look, the look alone tells what is so. */

export type PortWait = Readonly<{
  /** Until somebody listens on one of these, on whatever address. */
  ports: readonly number[]
  /** No longer than this, and what the looking itself takes. */
  withinMs: number
  /** What is slept between two tries. */
  everyMs: number
}>

/**
 * A section before all others. The shell itself counts what is open (/proc/net/sockstat), and looks for the ports only
 * when that has changed: the one fork each time is sleep's. Where there is no such count, or `sleep` knows no fractions,
 * nothing is waited for.
 *
 * Listeners come first in the tables (tcp_get_idx in net/ipv4/tcp_ipv4.c), before Linux 4.4 among those that are being
 * connected to (03), so that connections, which may be many, are not read.
 */
export const waitForPorts = ({ ports, withinMs, everyMs }: PortWait): string => `section wait sed
[ -r /proc/uptime ] && read -r up idle </proc/uptime && echo "uptime $up"
open_in() { [ "$2" != "$3" ] && [ -n "$(command sed -n -e '1d;/ 0[A3] /!q' ${ports.map(port => `-e '/:${hex(port)} 0*:0000 0A /{p;q;}'`).join(' ')} "$1" 2>/dev/null)" ]; }
tries=${Math.ceil(withinMs / everyMs)} tcp= tcp6=
while [ "$tries" -gt 0 ] && [ -r /proc/net/sockstat ]; do
  before=$tcp before6=$tcp6
  { read -r name word rest; read -r name word tcp rest; } </proc/net/sockstat
  [ ! -r /proc/net/sockstat6 ] || read -r name word tcp6 rest </proc/net/sockstat6
  ! open_in /proc/net/tcp "$tcp" "$before" && ! open_in /proc/net/tcp6 "$tcp6" "$before6" || break
  tries=$((tries - 1))
  command sleep ${everyMs / 1000} 2>/dev/null || break
done
ended 0`

/** How long that took by the host's own clock, in milliseconds; 0 where nobody knows. */
export const waitedMs = (waiting: string, upSeconds: number, { withinMs }: PortWait): number => {
  const ms = Math.round((upSeconds - Number(/^uptime ([\d.]+)$/m.exec(waiting)?.[1] ?? Number.NaN)) * 1000)
  return ms > 0 ? Math.min(ms, withinMs) : 0
}

/** As in /proc/net/tcp (proc(5)). */
const hex = (port: number): string => port.toString(16).toUpperCase().padStart(4, '0')
