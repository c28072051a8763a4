/** The pages of documentation, taken apart into their fenced blocks and the calls of steward in them. */
import { readdirSync, readFileSync } from 'node:fs'
import { projectFolder } from '../helpers/steward.js'

export const docsFolder = `${projectFolder}docs/`

export type Page = Readonly<{ name: string; text: string; blocks: readonly Block[] }>

/** `language` and `note` are the two words behind the fence: `yaml vars`. `line` counts from 1. */
export type Block = Readonly<{ page: string; line: number; language: string; note: string; text: string }>

export const pageOf = (name: string, text: string): Page => ({ name, text, blocks: blocksIn(name, text) })

export const readPages = (): readonly Page[] =>
  readdirSync(docsFolder)
    .filter(file => file.endsWith('.md'))
    .map(readPage)

export const readPage = (name: string): Page => pageOf(name, readFileSync(docsFolder + name, 'utf8'))

const blocksIn = (page: string, text: string): readonly Block[] => {
  const blocks: Block[] = []
  let open: { line: number; language: string; note: string; lines: string[] } | null = null
  for (const [i, line] of text.split('\n').entries()) {
    const fence = /^ *```(.*)$/.exec(line)
    if (fence === null) open?.lines.push(line)
    else if (open === null) {
      const [language = '', note = ''] = (fence[1] ?? '').trim().split(/\s+/)
      open = { line: i + 1, language, note, lines: [] }
    } else {
      const { lines, ...rest } = open
      blocks.push({ page, ...rest, text: `${lines.join('\n')}\n` })
      open = null
    }
  }
  if (open !== null) throw new Error(`${page}:${open.line}: this block has no end`)
  return blocks
}

export const placeOf = ({ page, line }: Block): string => `docs/${page}:${line}`

/** The file that a block says it is, in a comment of its first line. */
export const fileOf = ({ text }: Block): string | null => /^(?:#|\/\/) (\S+\.\w+)\b/.exec(text)?.[1] ?? null

const shells = ['sh', 'console']
export const isShell = ({ language }: Block): boolean => shells.includes(language)

/** What is typed: of `console` the lines behind a prompt. A line that ends in a backslash goes on. */
export const typedIn = ({ language, text }: Block): string =>
  language === 'console'
    ? text
        .split('\n')
        .flatMap(line => (line.startsWith('$ ') ? [line.slice(2)] : []))
        .join('\n')
    : text

/** The words of each call of steward in a block, without its name. */
export const callsIn = (block: Block): readonly (readonly string[])[] =>
  typedIn(block).replace(/\\\n/g, ' ').split('\n').flatMap(commandsIn).flatMap(callOf)

const callOf = (words: readonly string[]): readonly (readonly string[])[] => {
  const bare = words[0] === 'npx' ? words.slice(1) : words
  return bare[0] === 'steward' ? [bare.slice(1)] : []
}

/** The simple commands of one line of a shell, each as its words; comments and where output goes are left out. */
const commandsIn = (line: string): readonly (readonly string[])[] => {
  const commands: string[][] = [[]]
  let isTarget = false
  for (const [token] of line.matchAll(/#.*$|[0-9]?>+&?|<|[|;&]+|(?:'[^']*'|"[^"]*"|[^\s'"|;&<>])+/g)) {
    if (token.startsWith('#')) break
    if (/^[|;&]+$/.test(token)) commands.push([])
    else if (/^[0-9]?>+&?$|^<$/.test(token)) isTarget = true
    else if (isTarget) isTarget = false
    else commands.at(-1)?.push(token.replace(/'([^']*)'|"([^"]*)"/g, (_all, single, double) => single ?? double))
  }
  return commands.filter(words => words.length > 0)
}
