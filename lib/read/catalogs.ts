/** Several catalogs as one, with those that they include. */

import type { Catalog, CatalogService } from '../model/catalog.js'
import type { ServiceName } from '../model/names.js'
import type { Placed } from '../model/place.js'
import type { InputProblem } from '../model/problem.js'
import { catalogCodec, catalogOf, catalogOutline, standInFor } from './catalog.js'
import { openSurvey, surveyDocument } from './document.js'
import type { Files } from './files.js'
import type { YamlNode } from './node.js'

/** `named`: where another file names it; null for one that is named on the command line. */
export type CatalogFile = Readonly<{ path: string; named: Placed<string> | null }>

export const catalogsBeside = (files: Files, file: string, paths: readonly Placed<string>[]): readonly CatalogFile[] =>
  paths.map(path => ({ path: files.beside(file, path.value), named: path }))

export type Merged = Readonly<{
  catalog: Catalog
  /** Every service that is written down, also where what is written cannot be read. */
  named: ReadonlySet<string>
  mistakes: readonly InputProblem[]
  /** What services require that cannot be read and whose hosts are not known. */
  requires: readonly Placed<ServiceName>[]
}>

/** A service that two of them define is a mistake, not an override. */
export const mergeCatalogs = (files: Files, paths: readonly CatalogFile[]): Merged => {
  const catalog = new Map<ServiceName, CatalogService>()
  const named = new Set<string>()
  const mistakes: InputProblem[] = []
  const requires: Placed<ServiceName>[] = []
  /** The services of each file and of those it includes, as they are written. */
  const written = new Map<string, ReadonlyMap<string, YamlNode>>()

  const add = ({ path, named: at }: CatalogFile, above: readonly string[]): ReadonlyMap<string, YamlNode> => {
    const before = written.get(path)
    if (before !== undefined) return before
    const outline = openSurvey(surveyDocument(files, path, catalogOutline, at)).value
    const includes = catalogsBeside(files, path, outline?.includes ?? [])
    const others = new Map<string, YamlNode>()
    for (const include of includes) {
      const circle = [...above, path]
      const turn = circle.indexOf(include.path)
      if (turn < 0) for (const [name, node] of add(include, circle)) others.set(name, node)
      else if (include.named !== null) {
        const cycle = [...circle.slice(turn), include.path]
        mistakes.push({ _tag: 'DependencyCycle', at: include.named.at, of: 'catalogs', cycle })
      }
    }
    const { problems, value } = openSurvey(surveyDocument(files, path, catalogCodec(others), at))
    const services = value === null ? [] : catalogOf(value)
    for (const problem of problems) mistakes.push(problem)
    for (const service of services) {
      const first = catalog.get(service.name)?.at
      if (first === undefined) catalog.set(service.name, service)
      else mistakes.push({ _tag: 'DuplicateService', at: service.at, service: service.name, first })
    }
    for (const sketch of problems.length === 0 ? [] : (outline?.sketches ?? [])) {
      if (catalog.has(sketch.name)) continue
      const standIn = standInFor(sketch)
      if (standIn === null) requires.push(...sketch.requires)
      else catalog.set(sketch.name, standIn)
    }
    // Only where something is wrong can there be more names than could be read.
    const names = problems.length === 0 ? services.map(({ name }) => name) : (outline?.services?.keys() ?? everyName)
    for (const name of names) named.add(name)
    const all = new Map([...others, ...(outline?.services ?? [])])
    written.set(path, all)
    return all
  }

  for (const file of paths) add(file, [])
  return { catalog, named, mistakes, requires }
}

/** Of a catalog that cannot be read at all, any service may be there. */
const everyName = ['*']
