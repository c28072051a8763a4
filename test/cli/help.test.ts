import type { Command } from 'commander'
import * as assert from 'uvu/assert'
import { lessons } from '../../lib/cli/lessons.js'
import { program } from '../../lib/cli/program.js'
import { exitCodes } from '../../lib/model/exit-code.js'
import { describe } from '../helpers/test.js'

type Called = Readonly<{ words: string; command: Command }>

/** All that can be called, with the words that call it. */
const all = (command: Command, before: readonly string[] = []): readonly Called[] =>
  command
    .createHelp()
    .visibleCommands(command)
    .filter(one => one.name() !== 'help')
    .flatMap(one => {
      const words = [...before, one.name()]
      return [{ words: words.join(' '), command: one }, ...all(one, words)]
    })

const helpOf = (command: Command): string => {
  const parts: string[] = []
  command.configureOutput({ ...command.configureOutput(), writeOut: part => void parts.push(part) })
  command.outputHelp()
  return parts.join('')
}

describe('the help', test => {
  test('says of every command in one sentence what it does, when to take it, and shows two examples or three', () => {
    assert.equal(
      Object.keys(lessons).sort(),
      all(program)
        .map(({ words }) => words)
        .sort(),
    )
    for (const { words, command } of all(program)) {
      const { when = '', examples = [] } = lessons[words] ?? {}
      assert.match(command.description(), /^\p{Ll}[^\n]*[^.]$/u, words)
      assert.match(helpOf(command), `\n${when}\n\nExamples:\n  steward ${examples[0]?.[0]}`)
      assert.ok(examples.length >= 2 && examples.length <= 3, words)
    }
  })

  test('is never wider than 80 columns', () => {
    for (const { words, command } of [{ words: '', command: program }, ...all(program)]) {
      const wide = helpOf(command)
        .split('\n')
        .filter(line => line.length > 80)
      assert.equal(wide, [], words)
    }
  })

  test('ends with every exit code', () => {
    const codes = helpOf(program).split('Exit codes:\n')[1] ?? ''
    assert.equal(
      [...codes.matchAll(/^ {2}(\d+) /gm)].map(([, code]) => Number(code)),
      Object.values(exitCodes),
    )
  })

  test('has examples that the command line takes', async () => {
    const taken: string[] = []
    for (const { words, command } of all(program))
      if (command.commands.length === 0) command.action(() => void taken.push(words))
    const calls = Object.values(lessons).flatMap(({ examples }) => examples.map(([call]) => call))
    const inMain = [...helpOf(program).matchAll(/^ {2}steward (.*?)(?: {2,}|$)/gm)].map(match => match[1] ?? '')
    const runnable = [...calls, ...inMain].filter(call => !call.endsWith('--help'))
    for (const call of runnable) await program.parseAsync(call.split(' '), { from: 'user' })
    assert.equal(
      taken,
      runnable.map(call =>
        call
          .split(' ')
          .slice(0, call.startsWith('vault ') ? 2 : 1)
          .join(' '),
      ),
    )
  })
})
