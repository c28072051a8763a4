/** The files of an estate of many hosts, each with the same ten services. */
import { writeFileSync } from 'node:fs'

export const serviceCount = 10

export const hostNameAt = (i: number): string => `host${String(i).padStart(6, '0')}`

/** An inventory, a catalog and one playbook for each kind of run. */
export const writeEstate = (folder: string, hosts: number): void => {
  const lines = Array.from(
    { length: hosts },
    (_, i) => `${hostNameAt(i)} ansible_host=10.${i >> 16}.${(i >> 8) & 255}.${i & 255}\n`,
  )
  writeFileSync(`${folder}/hosts`, `[app]\n${lines.join('')}[app:vars]\nroot=/srv\nbase_port=8000\n`)
  const services = Array.from({ length: serviceCount }, (_, s) => `svc${s}`)
  writeFileSync(`${folder}/catalog.yml`, `services:\n${services.map(serviceText).join('')}`)
  const all = `services: { ${services.map(name => `${name}: running`).join(', ')} }`
  const one = 'services: { svc0: { state: running, started_after: "1970-01-01T00:16:50Z" } }'
  const play = (keys: string, wishes: string) => `- { hosts: all, catalog: catalog.yml${keys}, ${wishes} }\n`
  writeFileSync(`${folder}/plan.yml`, play('', all))
  writeFileSync(`${folder}/run.yml`, play('', all))
  writeFileSync(`${folder}/serial.yml`, play(', serial: "10%"', all))
  writeFileSync(`${folder}/restart.yml`, play('', one))
  writeFileSync(`${folder}/restart-serial.yml`, play(', serial: 100', one))
}

const serviceText = (name: string, s: number): string => `  ${name}:
    hosts: app
    script: /etc/init.d/${name}
    processes: { main: { args: ["-Dbase={{ root }}/${name}"], listens: "{{ base_port + ${s} }}" } }
    ready: { within: 10s, stable: 1s }
`
