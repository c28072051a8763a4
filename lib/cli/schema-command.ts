/** `steward schema`: what an editor needs to help with a playbook, a catalog or an inventory. */
import type { DocumentKind } from '../model/document-kind.js'
import { type ExitCode, exitCodes } from '../model/exit-code.js'
import { documentSchema } from '../read/documents.js'

export const schemaCommand = (kind: DocumentKind): ExitCode => {
  process.stdout.write(documentSchema(kind))
  return exitCodes.ok
}
