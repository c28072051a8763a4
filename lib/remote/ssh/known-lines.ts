/** The lines of a known_hosts file that may be about a host: the file is parsed once for all hosts of a run. */
import { isGlob } from '../../model/glob.js'
import { type KnownHost, readKnownHosts } from '../known-hosts.js'

type Known = Readonly<{
  text: string
  /** By each name, in lower case, of the lines that hold nothing but plain names. */
  byName: ReadonlyMap<string, readonly KnownHost[]>
  /** Hashed names, globs and what they leave out: only the name that is looked for tells. */
  others: readonly KnownHost[]
}>

/** In the order they stand in the file; all that name one of these are among them. `text` is what the file holds now. */
export const knownLines = (file: string, text: string, names: readonly string[]): readonly KnownHost[] => {
  const last = parsed.get(file)
  const known = last?.text === text ? last : parse(file, text)
  parsed.set(file, known)
  const named = names.flatMap(name => known.byName.get(name.toLowerCase()) ?? [])
  return [...new Set([...known.others, ...named])].sort((a, b) => a.line - b.line)
}

const parsed = new Map<string, Known>()

const parse = (file: string, text: string): Known => {
  const byName = new Map<string, KnownHost[]>()
  const others: KnownHost[] = []
  for (const line of readKnownHosts(file, text)) {
    if (isGlob(line.names) || /[|!]/.test(line.names)) others.push(line)
    else
      for (const name of line.names.toLowerCase().split(','))
        if (byName.get(name)?.push(line) === undefined) byName.set(name, [line])
  }
  return { text, byName, others }
}
