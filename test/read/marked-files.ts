/** The files of test/fixtures/bad: each guilty line says in a comment what has to be reported there, and only there. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { projectFolder } from '../helpers/steward.js'

const fixtures = join(projectFolder, 'test/fixtures')

/** One file, or the files of one folder that are wrong together. */
export type BadCase = Readonly<{ kind: string; name: string; path: string; files: readonly string[] }>

export const badCases = (): readonly BadCase[] =>
  entriesOf(join(fixtures, 'bad')).flatMap(folder =>
    entriesOf(folder).map(path => ({
      kind: basename(folder),
      name: relative(join(fixtures, 'bad'), path).replace(/\.yml$/, ''),
      path,
      files: filesIn(path),
    })),
  )

export const goodFile = (name: 'playbook' | 'inventory'): string => join(fixtures, 'good', `${name}.yml`)

/** `file:line`, and the part of the message that has to be there. */
export type Mark = Readonly<{ place: string; message: string }>

export const marksIn = (file: string): readonly Mark[] =>
  readFileSync(file, 'utf8')
    .split(/\r?\n/)
    .flatMap((line, i) =>
      line
        .split('# ERROR: ')
        .slice(1)
        .map(message => ({ place: `${basename(file)}:${i + 1}`, message: message.trim() })),
    )

export const showMark = ({ place, message }: Mark): string => `${place}: ${message}`

/** What was reported, each as the mark that foretold it, or as it is. */
export const asMarked = (lines: readonly string[], marks: readonly Mark[]): readonly string[] => {
  const left = [...marks]
  return lines.map(line => {
    const [, file = '', row, message = ''] = /^(.*?):(\d+):[1-9]\d*: (.*)$/.exec(line) ?? []
    const found = left.findIndex(mark => mark.place === `${basename(file)}:${row}` && message.includes(mark.message))
    const [mark] = found < 0 ? [] : left.splice(found, 1)
    return mark === undefined ? line : showMark(mark)
  })
}

const filesIn = (path: string): readonly string[] =>
  statSync(path).isDirectory() ? entriesOf(path).flatMap(filesIn) : [path]

const entriesOf = (folder: string): readonly string[] =>
  readdirSync(folder)
    .sort()
    .map(name => join(folder, name))
