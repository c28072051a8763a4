/** A lab host whose users may become others in all the ways that sudoers(5) and doas.conf(5) know. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Controller, type Said, startSteward, steward } from '../helpers/steward.js'
import { atTerminal, type Shown } from '../helpers/terminal.js'
import type { LabHost } from '../lab/host.js'
import { type Lab, upLab } from '../lab/lab.js'

export type Place = Readonly<{
  lab: Lab
  host: LabHost
  folder: string
  /** On the host, as root and without ssh: its stdout. */
  sh: (script: string) => Promise<string>
  /** steward in the lab's network; `-i` is the inventory that was written last. */
  run: (args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<Said>
  begin: (args: readonly string[]) => Controller
  /** The same at a terminal, where it asks for the password of whom to become and is given this one. */
  ask: (args: readonly string[], password: string) => Promise<Shown>
  /** Hosts of the inventory are logins to the one host: variables by name. */
  inventory: (logins: Readonly<Record<string, Variables>>) => void
  file: (name: string, text: string, mode?: number) => string
}>

export type Variables = Readonly<Record<string, string | boolean | number>>

/** `setUp` runs on the host first; the users have the password `sesame`. */
export const withHost =
  (users: readonly string[], setUp: string, body: (place: Place) => Promise<void>) => async (): Promise<void> => {
    const lab = await upLab(['one'], { hosts: { one: { users } } })
    const folder = mkdtempSync(join(tmpdir(), 'become-'))
    try {
      const host = lab.hosts.get('one')
      if (host === undefined) throw new Error('no host')
      const sh = async (script: string): Promise<string> => {
        const { code, stdout, stderr } = await host.exec(['sh', '-euc', script])
        if (code !== 0) throw new Error(`${script}: ${code}: ${stderr}`)
        return stdout.trim()
      }
      await sh(`rm -f /etc/sudoers.d/*; ${users.map(user => `echo ${user}:sesame | chpasswd`).join('; ')}`)
      await sh(`${setUp}\n[ -z "$(ls /etc/sudoers.d)" ] || chmod 440 /etc/sudoers.d/*`)
      const file = (name: string, text: string, mode = 0o600) => {
        writeFileSync(join(folder, name), text)
        chmodSync(join(folder, name), mode)
        return join(folder, name)
      }
      const here = { enter: lab.enter, env: { ...lab.env, XDG_STATE_HOME: `${folder}/state` } }
      const of = (args: readonly string[]) => [...args, '-i', join(folder, 'hosts.yml')]
      const run: Place['run'] = (args, env = {}) => steward(of(args), { ...here, env: { ...here.env, ...env } })
      const begin: Place['begin'] = args => startSteward(of(args), here)
      const ask: Place['ask'] = (args, password) => atTerminal(of(args), [['become password: ', password]], here)
      const inventory: Place['inventory'] = logins => {
        file('hosts.yml', inventoryText(host, logins))
      }
      await body({ lab, host, folder, sh, run, begin, ask, inventory, file })
    } finally {
      rmSync(folder, { recursive: true })
      await lab.down()
    }
  }

const inventoryText = (host: LabHost, logins: Readonly<Record<string, Variables>>): string =>
  [
    'all:',
    '  vars:',
    `    ansible_host: ${host.address}`,
    `    ansible_ssh_private_key_file: ${host.keyFile}`,
    '  hosts:',
    ...Object.entries(logins).flatMap(([name, variables]) => [
      `    ${name}:`,
      ...Object.entries(variables).map(([key, value]) => `      ${key}: ${JSON.stringify(value)}`),
    ]),
    '',
  ].join('\n')

/** A daemon that is started and stopped by a script, and says who called it and with what around it. */
export const stubService = `mkdir -p /opt/beat
cat >/opt/beat/beat <<'END'
#!/bin/sh
while :; do sleep 1; done
END
cat >/opt/beat/init <<'END'
#!/bin/sh
case $1 in
start)
  env >/opt/beat/env.$(id -un)
  tr '\\0' ' ' </proc/$PPID/cmdline >/dev/null
  setsid /opt/beat/beat </dev/null >/dev/null 2>&1 &
  echo started by $(id -un)
  ;;
stop) pkill -u "$(id -un)" -f '^/bin/sh /opt/beat/beat' ;;
esac
END
chmod 755 /opt/beat/beat /opt/beat/init; chmod 1777 /opt/beat`

export const stubCatalog = (keys = ''): string => `services:
  beat:
    hosts: all
    script: /opt/beat/init
    processes: { beat: { args: [/opt/beat/beat] } }
    ready: { within: 10s, stable: 300ms }
    stop: { within: 10s }
${keys.replace(/^/gm, '    ')}
`

export const stubPlay = (state: string, keys = ''): string =>
  `- { hosts: all, catalog: catalog.yml, services: { beat: ${state} }${keys} }\n`
