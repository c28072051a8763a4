/** `steward completion` and what its scripts call. */
import type { Command } from 'commander'
import { type ExitCode, exitCodes } from '../../model/exit-code.js'
import { printable } from '../../report/printable.js'
import { type Completion, complete, type Names, rejoined, type Word } from './complete.js'
import { completionScripts, type Shell } from './scripts.js'

export const completionCommand = (shell: Shell): ExitCode => {
  process.stdout.write(completionScripts[shell])
  return exitCodes.ok
}

/** A line for each word; the last one says which files the shell has to add. */
export const completeCommand = async (
  program: Command,
  parted: readonly string[],
  shipped: string,
): Promise<ExitCode> => {
  const { words, held } = rejoined(parted)
  const completion = complete(program, words)
  const { names } = completion
  const isOfFiles = names === 'file' || names === 'folder'
  const found = [...completion.words, ...(names === null || isOfFiles ? [] : await named(completion, words, shipped))]
  const lines = found.map(({ word, about }) => `${printable(word.slice(held.length))}\t${printable(about)}`)
  console.log([...lines, `:${isOfFiles ? names : ''}`].join('\n'))
  return exitCodes.ok
}

const named = async (
  { names, given }: Completion,
  words: readonly string[],
  shipped: string,
): Promise<readonly Word[]> => {
  const all = names === null ? [] : await allOf(names, given, shipped)
  const current = words.at(-1) ?? ''
  return all.filter(word => word.startsWith(current)).map(word => ({ word, about: '' }))
}

const allOf = async (names: Names, given: Completion['given'], shipped: string): Promise<readonly string[]> => {
  const { hostNames, runNames, serviceNames, servicesOnHosts } = await import('./names.js')
  switch (names) {
    case 'host':
      return hostNames(given, shipped)
    case 'service':
      return serviceNames(given)
    case 'service@host':
      return servicesOnHosts(given, shipped)
    case 'run':
      return runNames()
    case 'file':
    case 'folder':
      return []
  }
}
