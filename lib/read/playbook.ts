/** The playbook: plays, each naming its catalogs and what should be running or stopped where. */
import * as E from 'fp-ts/lib/Either.js'
import type * as TH from 'fp-ts/lib/These.js'
import type { Catalog } from '../model/catalog.js'
import { ServiceName } from '../model/names.js'
import type { Placed } from '../model/place.js'
import { type DesiredState, desiredStates, type Play, type Playbook, type Wish } from '../model/playbook.js'
import type { InputProblem, InputProblems } from '../model/problem.js'
import type { Variable } from '../model/template.js'
import { becomeFields, becomeMistakes, becomeOf, becomeRule } from './become.js'
import { catalogsBeside, mergeCatalogs } from './catalogs.js'
import {
  type Codec,
  codecOf,
  type Decoded,
  decode,
  field,
  filled,
  list,
  mapOf,
  oneOf,
  oneOrMore,
  sealed,
  sensible,
  text,
  wrongType,
} from './codec.js'
import { openSurvey, strictly, surveyDocument, surveyOf } from './document.js'
import type { Files } from './files.js'
import { anyOf, anything, fitting } from './json-schema.js'
import type { MapEntry } from './node.js'
import { hostPattern } from './pattern.js'
import { rolloutFields, rolloutOf } from './rollout.js'
import { condition } from './template.js'
import { time } from './values.js'
import { ownVariables } from './variable.js'

/** Reads a playbook and the catalogs it names; the Left holds the mistakes of all these files. */
export const readPlaybook = (files: Files, file: string): E.Either<InputProblems, Playbook> =>
  strictly(surveyPlaybook(files, file))

/** The same, and what can be read all the same when something is wrong with it. */
export const surveyPlaybook = (files: Files, file: string): TH.These<InputProblems, Playbook> => {
  const { problems, value: plays } = openSurvey(surveyDocument(files, file, playbookCodec))
  if (plays === null) return surveyOf<Playbook>([...problems, ...mistakesInCatalogsOf(files, file)], null)
  const found = [...problems, ...(problems.length > 0 ? mistakesInCatalogsOf(files, file) : [])]
  const read = plays.map(({ value, at }): Play => {
    const { catalog, named, mistakes, requires } = mergeCatalogs(files, catalogsBeside(files, file, value.catalog))
    const fromFiles = readVarsFiles(files, file, value.vars_files ?? [])
    const vars = new Map([...(value.vars ?? []), ...fromFiles.vars])
    const play = { ...playOf(value), at, catalog, vars }
    found.push(
      ...fromFiles.mistakes,
      ...mistakes,
      ...unknownServices(
        [
          ...wantedBy(
            play.services.map(({ service }) => service),
            catalog,
          ),
          ...requires,
        ],
        named,
      ),
    )
    return play
  })
  return surveyOf(found, { file, plays: read })
}

/** Reads catalogs for use without a playbook: these and those that they include are all there is to be required. */
export const readCatalogs = (files: Files, paths: readonly string[]): E.Either<InputProblems, Catalog> =>
  strictly(surveyCatalogs(files, paths))

export const surveyCatalogs = (files: Files, paths: readonly string[]): TH.These<InputProblems, Catalog> => {
  const { catalog, mistakes, named, requires } = mergeCatalogs(
    files,
    paths.map(path => ({ path, named: null })),
  )
  return surveyOf([...mistakes, ...unknownServices([...wantedBy([], catalog), ...requires], named)], catalog)
}

const catalogPaths = filled(oneOrMore(text, 'the path of a catalog, or a list of them'))

const tagForm = 'a tag (text without spaces), or a list of them'
const tagWords = fitting(/^\s*[^\s,]+\s*(,\s*[^\s,]+\s*)*$/, tagForm)
const tagSchema = anyOf(tagWords, { type: 'array', items: tagWords })

/** A list, or one text with commas in it, as in Ansible. */
const tags: Codec<readonly string[]> = codecOf(tagForm, tagSchema, node =>
  E.flatMap((texts: readonly Placed<string>[]) => {
    const words = texts.flatMap(({ value }) => value.split(',').map(word => word.trim()))
    return words.every(word => /^\S+$/.test(word)) ? E.right(words) : E.left([wrongType(node, tagForm)])
  })(decode(oneOrMore(text), node)),
)

const stateWord = oneOf('state', desiredStates)

const desireFields = sensible(
  sealed(
    'a state',
    { state: field('running or stopped.', stateWord) },
    {
      started_after: field(
        'A restart that can be repeated: every process that a stop would end has to be younger than that, such as 2026-11-24T23:00:00Z. Beside state: running.',
        time,
      ),
      vars: field("Variables for this service alone; they win over the play's and the catalog's.", ownVariables),
      when: field(
        'A condition without {{ }}, or a list: where one does not hold, nothing is wished of that host.',
        oneOrMore(condition),
      ),
      tags: field('Words for --tags and --skip-tags, added to those of the play.', tags),
    },
  ),
  {},
  ({ value: { state, started_after } }): readonly InputProblem[] =>
    started_after === undefined || state === 'running'
      ? []
      : [
          {
            _tag: 'WrongType',
            at: started_after.at,
            expected: 'started_after beside state: running',
            found: `state: ${state}`,
          },
        ],
)

type Wished = Omit<Wish, 'service'>

/** `running`, or a map with that as its `state`. */
const desire: Codec<Wished> = codecOf(stateWord.name, anyOf(stateWord.schema, desireFields.schema), node => {
  if (node._tag !== 'map') {
    return E.map(
      (state: DesiredState): Wished => ({ state, startedAfterMs: null, vars: new Map(), when: [], tags: [] }),
    )(decode(stateWord, node))
  }
  const read = decode(desireFields, node)
  return E.map(
    ({ value }: Decoded<typeof desireFields>): Wished => ({
      state: value.state,
      startedAfterMs: value.started_after?.value ?? null,
      vars: value.vars ?? new Map(),
      when: value.when ?? [],
      tags: value.tags ?? [],
    }),
  )(read)
})

const playFields = sealed(
  'a play',
  {
    hosts: field('On these hosts of the inventory: a host pattern, such as web:&eu:!old.', hostPattern),
    catalog: field(
      'The catalog that defines the services, or a list of them, by paths beside this file.',
      catalogPaths,
    ),
    services: field(
      'What should be so of each service: running, stopped, or a map with that as its state.',
      filled(mapOf(ServiceName, desire, 'a map of services and their states')),
    ),
  },
  {
    name: field('What the play is called in plans and reports.', text),
    vars: field("Variables for this play; they win over the inventory's.", ownVariables),
    tags: field('Words for --tags and --skip-tags: of all services of the play.', tags),
    vars_files: field(
      'Files of variables, one or a list, by paths beside this file; the last one that sets a variable counts.',
      oneOrMore(text, 'the path of a file of variables, or a list of them'),
    ),
    ...becomeFields,
    ...rolloutFields,
  },
)

const playCodec = sensible(playFields, becomeRule, ({ value, at }) => becomeMistakes(value, at, 'a play'))

export const playbookCodec = filled(list(playCodec, 'a list of plays'))

/** Of each play, whatever else is wrong with it: the paths of its catalogs, and the services that it names. */
const playbookOutline = codecOf('a list of plays', anything, node => {
  const plays = node._tag === 'list' ? node.items : []
  return E.right(
    plays.map(play => {
      const valueAt = (key: string) =>
        play._tag === 'map' ? play.entries.find(entry => entry.key === key)?.value : undefined
      const [catalog, services] = [valueAt('catalog'), valueAt('services')]
      const paths = catalog === undefined ? null : decode(catalogPaths, catalog)
      return {
        paths: paths !== null && E.isRight(paths) ? paths.right : [],
        services: services?._tag === 'map' ? services.entries.flatMap(serviceNamed) : [],
      }
    }),
  )
})

/** What is no name is said to be none already. */
const serviceNamed = ({ key, keyAt: at }: MapEntry): readonly Placed<ServiceName>[] => {
  const name = ServiceName.decode(key)
  return E.isRight(name) ? [{ value: name.right, at }] : []
}

const mistakesInCatalogsOf = (files: Files, file: string): readonly InputProblem[] => {
  const { value } = openSurvey(surveyDocument(files, file, playbookOutline))
  return (value ?? []).flatMap(({ paths, services }) => {
    if (paths.length === 0) return []
    const { catalog, mistakes, named, requires } = mergeCatalogs(files, catalogsBeside(files, file, paths))
    return [...mistakes, ...unknownServices([...wantedBy(services, catalog), ...requires], named)]
  })
}

const playOf = (play: Decoded<typeof playCodec>['value']): Omit<Play, 'at' | 'catalog' | 'vars'> => ({
  name: play.name?.value ?? play.hosts.text,
  hosts: play.hosts,
  services: play.services.map(({ key, value }) => ({
    service: key,
    ...value,
    tags: [...new Set([...(play.tags ?? []), ...value.tags])],
  })),
  become: becomeOf(play),
  rollout: rolloutOf(play),
})

/** Of several files that set a variable, the last one counts. */
const readVarsFiles = (files: Files, file: string, paths: readonly Placed<string>[]) => {
  const mistakes: InputProblem[] = []
  const vars = new Map<string, Variable>()
  for (const path of paths) {
    const { problems, value } = openSurvey(surveyDocument(files, files.beside(file, path.value), ownVariables, path))
    for (const problem of problems) mistakes.push(problem)
    for (const [name, variable] of value ?? []) vars.set(name, variable)
  }
  return { vars, mistakes }
}

const wantedBy = (services: readonly Placed<ServiceName>[], catalog: Catalog): readonly Placed<ServiceName>[] => [
  ...services,
  ...[...catalog.values()].flatMap(service => service.requires),
]

const unknownServices = (
  wanted: readonly Placed<ServiceName>[],
  named: ReadonlySet<string>,
): readonly InputProblem[] => {
  if (named.has('*')) return []
  const known = [...named]
  return wanted.flatMap(({ value: service, at }): InputProblem[] =>
    named.has(service) ? [] : [{ _tag: 'UnknownService', at, service, known }],
  )
}

/** Told from a catalog: a playbook is a list. What cannot be read is neither. */
export const isPlaybook = (files: Files, path: string): boolean =>
  openSurvey(
    surveyDocument(
      files,
      path,
      codecOf('a document', anything, node => E.right(node._tag)),
    ),
  ).value === 'list'
