/** `steward schema`: what an editor needs to help with a playbook, a catalog or an inventory; and the form of events. */
import { readFileSync } from 'node:fs'
import type { DocumentKind } from '../model/document-kind.js'
import { type ExitCode, exitCodes } from '../model/exit-code.js'
import { documentSchema } from '../read/documents.js'

/** That of events is made of their types, which are gone by now: it is in the package. */
export const schemaCommand = (kind: DocumentKind | 'events', shipped: string): ExitCode => {
  process.stdout.write(
    kind === 'events' ? readFileSync(`${shipped}/schemas/events.schema.json`, 'utf8') : documentSchema(kind),
  )
  return exitCodes.ok
}
