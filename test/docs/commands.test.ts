/** docs/commands.md has all commands and no others, each with an example, and each option is in an example somewhere. */
import type { Command, Option } from 'commander'
import * as assert from 'uvu/assert'
import { describe } from '../helpers/test.js'
import { callable, commandTree, shownOptions } from './command-tree.js'
import { callsIn, isShell, pageOf, readPage, readPages } from './pages.js'

/** Each heading that is a command, with what stands below it. */
const sections: ReadonlyMap<string, string> = new Map(
  readPage('commands.md')
    .text.split(/^#+ /m)
    .flatMap(part => {
      const [, usage, body = ''] = /^steward (.*)\n([\s\S]*)$/.exec(part) ?? []
      return usage === undefined ? [] : [[usage, body] as const]
    }),
)

const bareName = (usage: string): string => usage.replace(/ [<[].*$/, '')

const uses = (option: Option, call: readonly string[]): boolean =>
  call.some(word => word === option.short || word === option.long || word.startsWith(`${option.long}=`))

describe('the page of commands', test => {
  test('has every command, as it is called, and no other', async () => {
    const known = [...callable(await commandTree()).keys()]
    assert.equal([...sections.keys()].sort(), known.sort())
  })

  for (const [usage, body] of sections) {
    test(`says what it is for and shows it: ${usage}`, () => {
      assert.match(body, /^\n[A-Z`].*\./)
      const calls = pageOf('commands.md', body).blocks.filter(isShell).flatMap(callsIn)
      const name = bareName(usage)
      assert.ok(calls.some(call => `${call.join(' ')} `.startsWith(`${name} `)))
    })
  }

  test('is among pages that show every option of every command', async () => {
    const calls = readPages().flatMap(({ blocks }) => blocks.filter(isShell).flatMap(callsIn))
    const commands: readonly (readonly [string, Command])[] = [...callable(await commandTree())]
    const unshown = commands.flatMap(([, command]) =>
      shownOptions(command).filter(option => !calls.some(call => uses(option, call))),
    )
    assert.equal([...new Set(unshown.map(({ flags }) => flags))], [])
  })
})
