/** Each kind of file with its codec, and its JSON Schema for editors. */
import type { DocumentKind } from '../model/document-kind.js'
import { catalogCodec } from './catalog.js'
import type { Codec } from './codec.js'
import { groupsCodec } from './inventory/yaml-groups.js'
import { schemaText } from './json-schema.js'
import { playbookCodec } from './playbook.js'

/** A catalog by itself: without those that it includes. */
export const documentCodecs: Readonly<Record<DocumentKind, Codec<unknown>>> = {
  playbook: playbookCodec,
  catalog: catalogCodec(new Map()),
  inventory: groupsCodec,
}

/** The text of `schemas/KIND.schema.json`. */
export const documentSchema = (kind: DocumentKind): string =>
  schemaText(`steward ${kind}`, meanings[kind], documentCodecs[kind].schema)

const meanings: Readonly<Record<DocumentKind, string>> = {
  playbook: 'Plays, one after the other: which services should run on which hosts.',
  catalog: 'What services are: how each is recognised, started and stopped.',
  inventory: 'Hosts, their groups and their variables, in the YAML form of Ansible.',
}
