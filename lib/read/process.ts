/** The processes of a service in a catalog: how each is recognised, started and stopped. */
import type { CatalogProcess } from '../model/catalog.js'
import { ProcessName, VariableName } from '../model/names.js'
import type { InputProblem } from '../model/problem.js'
import {
  type Decoded,
  type Entry,
  field,
  filled,
  flag,
  list,
  mapOf,
  name,
  oneOf,
  oneOrMore,
  sealed,
  sensible,
} from './codec.js'
import { parentMistakes } from './parents.js'
import { command, template } from './template.js'
import { listenAddress, safePattern } from './values.js'

const eachCodec = sealed(
  'an each',
  {
    lines_of: field('The file on the host, read anew at each look; # begins a comment in it.', template),
    as: field(
      'What the words of a line are called, in order: {{ name }} stands for one in the keys beside this.',
      filled(list(name(VariableName), 'a list of variable names')),
    ),
  },
  {},
)

/** Any of these tells one process from others; a user, a folder or a parent alone does not. */
const tellingKeys = ['args', 'exe', 'glob', 'pattern'] as const

const processFields = sealed(
  'a process',
  {},
  {
    args: field(
      "Exact arguments that stand side by side, in this order, the program's own name included. No pattern: what is like them does not fit.",
      filled(list(template, 'a list of arguments')),
    ),
    glob: field(
      'One whole argument, with * for any text and ? for one character; of several, each has to fit one.',
      oneOrMore(template),
    ),
    pattern: field(
      "One whole argument, by a regular expression in RE2's syntax; of several, each has to fit one.",
      oneOrMore(safePattern),
    ),
    exe: field('The file the process runs, as an absolute path; symbolic links are followed on the host.', template),
    cwd: field('The folder it works in, as an absolute path.', template),
    user: field('The user it runs as, by name or number.', template),
    parent: field('Another process of this service, which has started it.', name(ProcessName)),
    contained: field(
      "true: it lives in a container of the host's; without it, processes of containers do not count.",
      flag,
    ),
    listens: field(
      'The TCP port it has to hold, or several: 8080, "127.0.0.1:8080", "[::1]:8080". Without an address, on any.',
      oneOrMore(listenAddress),
    ),
    start: field('The command that starts just this process, for when only it is missing.', command),
    stop: field('The command that stops just this process.', command),
    on_stop: field(
      'keep: a stop of the service leaves it running, by design (--stop-survivors ends it too).',
      oneOf<'stop' | 'keep'>('on_stop', ['stop', 'keep']),
    ),
    each: field('One instance of the process for each line of a file on the host.', eachCodec),
  },
)

const processCodec = sensible(
  processFields,
  { type: 'object', anyOf: tellingKeys.map(key => ({ required: [key] })) },
  ({ value, at }): readonly InputProblem[] =>
    tellingKeys.some(key => value[key] !== undefined)
      ? []
      : [{ _tag: 'MissingKey', at, keys: tellingKeys, of: 'a process' }],
)

export const processesCodec = sensible(filled(mapOf(ProcessName, processCodec, 'a map of processes')), {}, entries =>
  parentMistakes(entries.map(({ key, value: { value } }) => ({ key, parent: value.parent ?? null }))),
)

type ProcessEntry = Entry<ProcessName, Decoded<typeof processCodec>>
type EachRead = Decoded<typeof eachCodec>

export const processOf = ({ key, value: { value } }: ProcessEntry): CatalogProcess => ({
  name: key.value,
  at: key.at,
  args: value.args ?? [],
  globs: value.glob ?? [],
  patterns: value.pattern ?? [],
  exe: value.exe ?? null,
  cwd: value.cwd ?? null,
  user: value.user ?? null,
  parent: value.parent?.value ?? null,
  contained: value.contained ?? false,
  listens: value.listens ?? [],
  start: value.start ?? null,
  stop: value.stop ?? null,
  onStop: value.on_stop ?? 'stop',
  each: value.each === undefined ? null : eachOf(value.each),
})

const eachOf = ({ value }: EachRead): NonNullable<CatalogProcess['each']> => ({
  linesOf: value.lines_of,
  as: value.as.map(variable => variable.value),
})
