/** Names that files and journals tell, for completion: nothing is asked, no program is run, and mistakes are no matter here. */
import * as E from 'fp-ts/lib/Either.js'
import { ourJournals } from '../../api/here.js'
import { hostsMatching } from '../../decide/hosts.js'
import type { CatalogService } from '../../model/catalog.js'
import type { Inventory } from '../../model/inventory.js'
import { stepId } from '../../model/plan.js'
import { openSurvey } from '../../read/document.js'
import { diskFiles, type Files } from '../../read/files.js'
import { surveyInventory } from '../../read/inventory.js'
import { surveyCatalogs } from '../../read/playbook.js'
import { runIds } from '../../run/journal/history.js'
import { readSettings } from '../settings.js'
import type { Given } from './complete.js'

/** An inventory that is a program is not read at all. */
const files: Files = {
  ...diskFiles,
  isProgram: () => false,
  read: path => (diskFiles.isProgram(path) ? E.left('it is a program') : diskFiles.read(path)),
}

/** Hosts, then groups. */
export const hostNames = (given: Given, shipped: string): readonly string[] => {
  const inventory = inventoryOf(given, shipped)
  return inventory === null ? [] : [...new Set<string>([...inventory.hosts.keys(), ...inventory.groups.keys()])]
}

export const serviceNames = (given: Given): readonly string[] => servicesOf(given).map(({ name }) => name)

/** Each service on each of its hosts. */
export const servicesOnHosts = (given: Given, shipped: string): readonly string[] => {
  const inventory = inventoryOf(given, shipped)
  if (inventory === null) return []
  return servicesOf(given).flatMap(({ name, hosts }) => {
    const found = hostsMatching(hosts, inventory)
    return E.isRight(found) ? found.right.map(host => stepId({ name, host })) : []
  })
}

/** The newest, and all by their ids. */
export const runNames = async (): Promise<readonly string[]> => {
  const ids = await runIds(ourJournals())
  return E.isLeft(ids) || ids.right.length === 0 ? [] : ['last', ...ids.right]
}

const inventoryOf = ({ inventory }: Given, shipped: string): Inventory | null => {
  const settings = readSettings()
  const configured = E.isRight(settings) ? settings.right.inventory : null
  const sources = inventory ?? configured ?? ['inventory/hosts.yml']
  return openSurvey(surveyInventory(files, sources, shipped)).value
}

const servicesOf = ({ catalog }: Given): readonly CatalogService[] => {
  const { value } = openSurvey(surveyCatalogs(files, catalog ?? diskFiles.yamlFilesIn('playbooks/catalog')))
  return value === null ? [] : [...value.values()]
}
