/**
 * What a lab host, which has no systemd, needs to pass for one that has it, as far as init scripts can tell: the folder
 * that says that systemd runs, `systemctl show`, `start`, `stop` and `restart` as systemctl(1) and the units made by
 * systemd-sysv-generator(8) have them, and a script that hands itself over to systemctl as Debian's 40-systemd does.
 * The real one runs the script below pid 1, by which the hook knows not to hand over again; here the variable for people
 * says so.
 */
import { daemonPath } from './daemon.js'
import type { Field } from './field.js'

export const scriptPath = '/etc/init.d/app'

/** `believes` sets what systemd takes the unit for, as in `active exited`. */
export type Systemd = Readonly<{
  believes: (state: string) => Promise<string>
  /** What systemctl was told to do so far, looks left out. */
  told: () => Promise<readonly string[]>
}>

export const installSystemd = async ({ install, sh }: Field): Promise<Systemd> => {
  install('/usr/bin/systemctl', systemctl)
  install(scriptPath, script)
  await sh('mkdir -p /run/systemd/system /run/units; touch /run/told')
  return {
    believes: state => sh(`echo ${state} >/run/units/app`),
    told: async () => (await sh('grep -v ^show /run/told || :')).split('\n').filter(line => line !== ''),
  }
}

const systemctl = `#!/bin/sh
echo "$*" >>/run/told
verb=$1
for unit; do :; done
name=\${unit%.service}
read -r active sub 2>/dev/null </run/units/$name || { active=inactive sub=dead; }
call() { _SYSTEMCTL_SKIP_REDIRECT=1 setsid /etc/init.d/$name $1; }
start() { [ $active = active ] && return; call start && echo active exited >/run/units/$name || echo failed failed >/run/units/$name; }
stop() { [ $active = active ] || return 0; call stop; echo inactive dead >/run/units/$name; active=inactive; }
case $verb in
show)
  echo LoadState=loaded
  echo ActiveState=$active
  echo SubState=$sub
  echo SourcePath=/etc/init.d/$name
  echo FragmentPath=/run/systemd/generator.late/$name.service
  ;;
start) start ;;
stop) stop ;;
restart) stop; start ;;
esac
`

const script = `#!/bin/sh
if [ -d /run/systemd/system ] && [ $PPID -ne 1 ] && [ -z "\${_SYSTEMCTL_SKIP_REDIRECT:-}" ]; then
  exec systemctl "$1" app.service
fi
case $1 in
start) ${daemonPath} -Dapp </dev/null >/dev/null 2>&1 & echo $! >/run/app.pid ;;
stop) kill "$(cat /run/app.pid)" 2>/dev/null || : ;;
esac
`
