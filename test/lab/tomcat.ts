/** The base folder of a real Tomcat 10, as Debian's tomcat10-instance-create makes one, without any application. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'

/** Makes `base` the base of a Tomcat that listens on these: `8080` on all addresses, or `127.0.0.1:8080`. */
export const writeTomcatBase = (base: string, listens: readonly string[]): void => {
  cpSync('/usr/share/tomcat10/skel', base, { recursive: true })
  for (const folder of ['logs', 'temp', 'webapps', 'work']) mkdirSync(`${base}/${folder}`, { recursive: true })
  writeFileSync(`${base}/conf/server.xml`, serverXml(listens))
}

/** No shutdown port, so that two copies do not meet there; no listeners and no deployment, to start in a second. */
const serverXml = (listens: readonly string[]): string => `<?xml version="1.0" encoding="UTF-8"?>
<Server port="-1">
  <Service name="Catalina">
${listens.map(connector).join('')}    <Engine name="Catalina" defaultHost="localhost">
      <Host name="localhost" appBase="webapps" autoDeploy="false" deployOnStartup="false"/>
    </Engine>
  </Service>
</Server>
`

const connector = (listen: string): string => {
  const colon = listen.lastIndexOf(':')
  const address = colon < 0 ? '' : ` address="${listen.slice(0, colon)}"`
  return `    <Connector${address} port="${listen.slice(colon + 1)}"/>\n`
}
