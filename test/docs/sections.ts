/** The parts of the pages that are made of the code: between two comments that name what stands there. */
import { keyTables } from './key-tables.js'
import { optionTable } from './option-table.js'

const makers: Readonly<Record<string, () => string | Promise<string>>> = {
  'keys of a playbook': () => keyTables('playbook'),
  'keys of a catalog': () => keyTables('catalog'),
  'keys of an inventory': () => keyTables('inventory'),
  options: optionTable,
}

export const sectionNames = Object.keys(makers)

const begin = (name: string) => `<!-- ${name}: written by npm run docs -->`
const end = '<!-- end -->'

export const hasSection = (text: string, name: string): boolean => text.includes(begin(name))

/** The same page with these parts as the code has them now. */
export const withSections = async (text: string): Promise<string> => {
  let whole = text
  for (const [name, make] of Object.entries(makers)) {
    const [before, rest] = whole.split(begin(name))
    if (before === undefined || rest === undefined) continue
    whole = `${before}${begin(name)}\n\n${await make()}\n\n${rest.slice(rest.indexOf(end))}`
  }
  return whole
}
