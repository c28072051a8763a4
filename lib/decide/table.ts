/** A process table by what is looked for in it: many services are judged by one, and each has to do with few of its rows. */
import type { Process } from '../model/observation.js'

export class ProcessTable {
  readonly all: readonly Process[]
  #byPid: ReadonlyMap<number, Process> | null = null
  #byWord: ReadonlyMap<string, readonly Process[]> | null = null

  constructor(all: readonly Process[]) {
    this.all = all
  }

  get byPid(): ReadonlyMap<number, Process> {
    this.#byPid ??= new Map(this.all.map(process => [process.pid, process]))
    return this.#byPid
  }

  /** Those that have one of these words as an argument, in the order of the table. */
  having(words: Iterable<string>): readonly Process[] {
    this.#byWord ??= wordsOf(this.all)
    let found: readonly Process[] = []
    let more: Set<Process> | null = null
    for (const word of words) {
      const those = this.#byWord.get(word)
      if (those === undefined || those === found) continue
      if (found.length === 0) found = those
      else more = new Set([...(more ?? found), ...those])
    }
    return more === null ? found : this.all.filter(process => more.has(process))
  }

  without(some: ReadonlySet<Process>): ProcessTable {
    return some.size === 0 ? this : new ProcessTable(this.all.filter(process => !some.has(process)))
  }
}

const wordsOf = (processes: readonly Process[]): ReadonlyMap<string, readonly Process[]> => {
  const byWord = new Map<string, Process[]>()
  for (const process of processes) {
    for (const word of process.args) {
      const those = byWord.get(word)
      if (those === undefined) byWord.set(word, [process])
      // One that has a word twice comes twice in a row.
      else if (those.at(-1) !== process) those.push(process)
    }
  }
  return byWord
}
