/** The `parent` of a process: another process of its service, and no circle. */
import type { ProcessName } from '../model/names.js'
import type { Placed } from '../model/place.js'
import type { InputProblem } from '../model/problem.js'

type Child = Readonly<{ key: Placed<ProcessName>; parent: Placed<ProcessName> | null }>

export const parentMistakes = (children: readonly Child[]): readonly InputProblem[] => {
  const byName = new Map(children.map(child => [child.key.value, child]))
  return children.flatMap(({ key, parent }): readonly InputProblem[] => {
    if (parent === null) return []
    if (!byName.has(parent.value)) {
      const known = [...byName.keys()].filter(name => name !== key.value)
      return [{ _tag: 'UnknownWord', at: parent.at, what: 'process', word: parent.value, known }]
    }
    const line = lineage(key.value, byName)
    // Each circle is said once, where its first name in the alphabet stands.
    if (line.at(-1) !== key.value || [...line].sort()[0] !== key.value) return []
    return [{ _tag: 'DependencyCycle', at: parent.at, of: 'processes', cycle: [key.value, ...line] }]
  })
}

/** The parents of a process from the nearest on; it ends with the process itself if they lead back to it. */
const lineage = (name: ProcessName, byName: ReadonlyMap<ProcessName, Child>): readonly ProcessName[] => {
  const line: ProcessName[] = []
  for (let up = byName.get(name)?.parent?.value; up !== undefined && !line.includes(up); ) {
    line.push(up)
    if (up === name) break
    up = byName.get(up)?.parent?.value
  }
  return line
}
