/** The playbook: plays, each naming its catalogs and what should be running or stopped where. */
import * as E from 'fp-ts/lib/Either.js'
import type { Catalog, CatalogService } from '../model/catalog.js'
import { ServiceName } from '../model/names.js'
import type { Placed } from '../model/place.js'
import { desiredStates, type Play, type Playbook } from '../model/playbook.js'
import { distinct, type InputProblem, type InputProblems } from '../model/problem.js'
import { catalogCodec, catalogOf } from './catalog.js'
import { codecOf, type Decoded, decode, filled, list, mapOf, oneOf, oneOrMore, sealed, text } from './codec.js'
import { readDocument } from './document.js'
import type { Files } from './files.js'
import { hostPattern } from './pattern.js'

/** Reads a playbook and the catalogs it names; the Left holds the mistakes of all these files. */
export const readPlaybook = (files: Files, file: string): E.Either<InputProblems, Playbook> => {
  const plays = readDocument(files, file, playbookCodec)
  if (E.isLeft(plays)) {
    const [first, ...rest] = plays.left
    return E.left(distinct<InputProblems>([first, ...rest, ...mistakesInCatalogsOf(files, file)]))
  }
  const problems: InputProblem[] = []
  const read = plays.right.map(({ value, at }): Play => {
    const mistakes: InputProblem[] = []
    const play = { ...playOf(value), at, catalog: mergeCatalogs(files, beside(files, file, value.catalog), mistakes) }
    // With a catalog unread, every service of it would seem unknown.
    for (const problem of mistakes.length > 0 ? mistakes : unknownServices(play)) problems.push(problem)
    return play
  })
  const [first, ...rest] = distinct(problems)
  return first === undefined ? E.right({ file, plays: read }) : E.left([first, ...rest])
}

/** Reads catalogs for use without a playbook. */
export const readCatalogs = (files: Files, paths: readonly string[]): E.Either<InputProblems, Catalog> => {
  const problems: InputProblem[] = []
  const catalog = mergeCatalogs(
    files,
    paths.map(path => ({ path, named: null })),
    problems,
  )
  const [first, ...rest] = distinct(problems)
  return first === undefined ? E.right(catalog) : E.left([first, ...rest])
}

const catalogPaths = filled(oneOrMore(text))

const playCodec = sealed(
  'a play',
  {
    hosts: hostPattern,
    catalog: catalogPaths,
    services: filled(mapOf(ServiceName, oneOf('state', desiredStates), 'a map of services and their states')),
  },
  { name: text },
)

const playbookCodec = filled(list(playCodec, 'a list of plays'))

/** Of each play, what can be read of its catalogs' paths, whatever else is wrong with it. */
const catalogPathsOnly = codecOf('a list of plays', node => {
  const plays = node._tag === 'list' ? node.items : []
  const entries = plays.flatMap(play => (play._tag === 'map' ? play.entries : []))
  const paths = entries.filter(({ key }) => key === 'catalog').map(({ value }) => decode(catalogPaths, value))
  return E.right(paths.flatMap(read => (E.isRight(read) ? [read.right] : [])))
})

const mistakesInCatalogsOf = (files: Files, file: string): readonly InputProblem[] => {
  const problems: InputProblem[] = []
  const plays = readDocument(files, file, catalogPathsOnly)
  for (const paths of E.isRight(plays) ? plays.right : []) mergeCatalogs(files, beside(files, file, paths), problems)
  return problems
}

const playOf = (play: Decoded<typeof playCodec>['value']): Omit<Play, 'at' | 'catalog'> => ({
  name: play.name?.value ?? play.hosts.text,
  hosts: play.hosts,
  services: play.services.map(({ key, value }) => ({ service: key, state: value })),
})

type CatalogFile = Readonly<{ path: string; named: Placed<string> | null }>

const beside = (files: Files, file: string, paths: readonly Placed<string>[]): readonly CatalogFile[] =>
  paths.map(path => ({ path: files.beside(file, path.value), named: path }))

/** Several catalogs as one; a service that two of them define is a mistake, not an override. */
const mergeCatalogs = (files: Files, paths: readonly CatalogFile[], problems: InputProblem[]): Catalog => {
  const merged = new Map<ServiceName, CatalogService>()
  for (const [path, named] of new Map(paths.map(({ path, named }) => [path, named]))) {
    const read = readDocument(files, path, catalogCodec, named)
    if (E.isLeft(read)) {
      for (const problem of read.left) problems.push(problem)
      continue
    }
    for (const service of catalogOf(read.right)) {
      const first = merged.get(service.name)?.at
      if (first === undefined) merged.set(service.name, service)
      else problems.push({ _tag: 'DuplicateService', at: service.at, service: service.name, first })
    }
  }
  return merged
}

const unknownServices = ({ catalog, services }: Play): readonly InputProblem[] => {
  const known = [...catalog.keys()]
  const named = [
    ...services.map(({ service }) => service),
    ...[...catalog.values()].flatMap(service => service.requires),
  ]
  return named.flatMap(({ value: service, at }): InputProblem[] =>
    catalog.has(service) ? [] : [{ _tag: 'UnknownService', at, service, known }],
  )
}
