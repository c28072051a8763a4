/** `npm run docs`: writes anew what the pages take from the code. */
import { writeFileSync } from 'node:fs'
import { docsFolder, readPages } from './pages.js'
import { withSections } from './sections.js'

for (const { name, text } of readPages()) {
  const now = await withSections(text)
  if (now !== text) writeFileSync(docsFolder + name, now)
}
process.exit()
