/** Names that files tell, for completion: nothing is asked, no program is run, and mistakes are no matter here. */
import * as E from 'fp-ts/lib/Either.js'
import { openSurvey } from '../../read/document.js'
import { diskFiles, type Files } from '../../read/files.js'
import { surveyInventory } from '../../read/inventory.js'
import { surveyCatalogs } from '../../read/playbook.js'
import { readSettings } from '../settings.js'
import type { Given } from './complete.js'

/** An inventory that is a program is not read at all. */
const files: Files = {
  ...diskFiles,
  isProgram: () => false,
  read: path => (diskFiles.isProgram(path) ? E.left('it is a program') : diskFiles.read(path)),
}

/** Hosts, then groups. */
export const hostNames = ({ inventory }: Given, shipped: string): readonly string[] => {
  const settings = readSettings()
  const configured = E.isRight(settings) ? settings.right.inventory : null
  const sources = inventory ?? configured ?? ['inventory/hosts.yml']
  const { value } = openSurvey(surveyInventory(files, sources, shipped))
  return value === null ? [] : [...new Set<string>([...value.hosts.keys(), ...value.groups.keys()])]
}

export const serviceNames = ({ catalog }: Given): readonly string[] => {
  const { value } = openSurvey(surveyCatalogs(files, catalog ?? diskFiles.yamlFilesIn('playbooks/catalog')))
  return value === null ? [] : [...value.keys()]
}
