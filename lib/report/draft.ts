/** Drafts as a catalog in YAML, with comments where something is a guess. */
import type { Draft, DraftWay } from '../model/draft.js'
import { shellWord } from '../model/shell.js'
import { toJson } from './json.js'
import { printable } from './printable.js'

export const draftYaml = (drafts: readonly Draft[], leftOut: readonly string[], takenAtMs: number): string => {
  const hosts = [...new Set(drafts.flatMap(draft => draft.hosts))].join(', ')
  return [
    `# A draft, from what listened on ${hosts} at ${new Date(takenAtMs).toISOString()}. Read it before you act on it:`,
    '# what is marked as a guess is one, and a service that listens on nothing is not in here.',
    ...leftOut.map(line => comment(`left out: ${line}`)),
    drafts.length === 0 ? 'services: {}' : 'services:',
    ...drafts.flatMap(serviceLines),
    '',
  ].join('\n')
}

/** One line, whatever a host has said. */
const comment = (text: string): string => `# ${printable(text)}`

const serviceLines = (draft: Draft): readonly string[] => [
  ...draft.guesses.map(guess => `  ${comment(`guess: ${guess}`)}`),
  `  ${draft.name}:`,
  `    hosts: ${quoted(draft.hosts.join(','))}`,
  ...wayLines(draft.way),
  '    processes:',
  ...draft.processes.flatMap(({ name, args, exe, user, listens }) => [
    `      ${name}:`,
    ...(args.length === 0 ? [] : [`        args: ${list(args)}`]),
    ...(exe === null ? [] : [`        exe: ${quoted(exe)}`]),
    ...(user === null ? [] : [`        user: ${quoted(user)}`]),
    `        listens: [${listens.map(port => (/^\d+$/.test(port) ? port : quoted(port))).join(', ')}]`,
  ]),
]

const wayLines = (way: DraftWay): readonly string[] => {
  switch (way._tag) {
    case 'Unit':
      return [
        `    start: ${quoted(`systemctl start ${shellWord(way.unit)}`)}`,
        `    stop: { command: ${quoted(`systemctl stop ${shellWord(way.unit)}`)} }`,
      ]
    case 'Script':
      return [`    script: ${quoted(way.path)}`]
    case 'NotFound':
      return []
  }
}

/** JSON's strings are YAML's too. */
const quoted = (text: string): string => toJson(text)

const list = (texts: readonly string[]): string => `[${texts.map(quoted).join(', ')}]`
