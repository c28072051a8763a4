/** A service of the catalog on one host, with the host's variables filled in. */
import * as E from 'fp-ts/lib/Either.js'
import { type BecomeWish, noWish } from '../model/become.js'
import type { CatalogProcess, CatalogService, Hook, HostProcess, HostService, RequiredWhere } from '../model/catalog.js'
import { type ListenAddress, listenAddressForm, parseListenAddress } from '../model/listen-address.js'
import type { ServiceName } from '../model/names.js'
import type { InputProblem } from '../model/problem.js'
import { patternFault } from '../model/safe-pattern.js'
import { shellWord } from '../model/shell.js'
import type { LineTemplate, Template } from '../model/template.js'
import { becomeOn } from './become.js'
import type { Scope } from './expression/scope.js'
import { placeReady } from './place-ready.js'
import { renderPartly, renderRest, renderText } from './variables.js'

export const placeService = (
  service: CatalogService,
  scope: Scope,
  play: BecomeWish<Template> = noWish,
): E.Either<readonly InputProblem[], HostService> => {
  const problems: InputProblem[] = []
  const keep = <A>(result: E.Either<InputProblem, A>, otherwise: A): A => {
    if (E.isRight(result)) return result.right
    problems.push(result.left)
    return otherwise
  }

  const text = (template: Template): string => keep(renderText(template, scope), '')
  const command = (template: Template | null): string | null =>
    template === null
      ? null
      : renderRest(
          keep(renderPartly(template, scope, [], shellWord), { parts: [standIn], at: template.at }),
          new Map(),
          shellWord,
        )

  const hook = ({ command: template, unless, ...rest }: Hook<Template>): Hook<string> => ({
    ...rest,
    command: command(template) ?? '',
    unless: command(unless),
  })

  const refuse = (template: Template, expected: string, found: string): void => {
    problems.push({ _tag: 'BadValue', at: template.at, expected, found, host: scope.host })
  }

  /** On a host there is no folder that a relative path could be relative to. */
  const path = (template: Template): string => {
    const found = text(template)
    if (found !== '' && !found.startsWith('/')) refuse(template, 'a path from the root', `"${found}"`)
    return found
  }

  /** It becomes an argument of `id` on the host (useradd(8) on what a name is made of; Active Directory's have more). */
  const user = (template: Template): LineTemplate => {
    const found = text(template)
    if (!/^[A-Za-z0-9_][A-Za-z0-9_.@\\-]{0,255}$/.test(found)) refuse(template, "a user's name or number", `"${found}"`)
    return { parts: [found], at: template.at }
  }

  const listen = (template: Template): ListenAddress => {
    const text = renderText(template, scope)
    const address = E.isRight(text) ? parseListenAddress(text.right) : null
    if (address !== null) return address
    const found = E.isRight(text) ? `"${text.right}"` : ''
    const wrong = { _tag: 'BadValue', at: template.at, expected: listenAddressForm, found, host: scope.host } as const
    problems.push(E.isLeft(text) ? text.left : wrong)
    return { address: null, port: 0 }
  }

  const process = (written: CatalogProcess): HostProcess => {
    const later = written.each?.as ?? []
    const partly = (template: Template, encode: (value: string) => string) =>
      keep(renderPartly(template, scope, later, encode), { parts: [standIn], at: template.at })
    const plainly = (template: Template) => partly(template, value => value)
    const pathly = (template: Template): LineTemplate => {
      const filled = plainly(template)
      const [first = ''] = filled.parts
      if (typeof first === 'string' && !first.startsWith('/')) {
        refuse(template, 'a path from the root', `"${first}"`)
      }
      return filled
    }
    const pattern = (template: Template): LineTemplate => {
      const filled = plainly(template)
      const [only = ''] = filled.parts
      const fault = filled.parts.length < 2 && typeof only === 'string' ? patternFault(only) : null
      if (fault !== null) problems.push({ _tag: 'BadTemplate', at: template.at, reason: fault })
      return filled
    }
    return {
      name: written.name,
      at: written.at,
      args: written.args.map(plainly),
      globs: written.globs.map(plainly),
      patterns: written.patterns.map(pattern),
      exe: written.exe === null ? null : pathly(written.exe),
      cwd: written.cwd === null ? null : pathly(written.cwd),
      user: written.user === null ? null : user(written.user),
      parent: written.parent,
      contained: written.contained,
      listens: written.listens.map(listen),
      start: written.start === null ? null : partly(written.start, shellWord),
      stop: written.stop === null ? null : partly(written.stop, shellWord),
      onStop: written.onStop,
      each: written.each === null ? null : { linesOf: text(written.each.linesOf), as: written.each.as },
    }
  }

  const become = becomeOn(scope, service.become, play)
  if (E.isLeft(become)) problems.push(...become.left)

  const placed: HostService = {
    host: scope.host,
    name: service.name,
    at: service.at,
    requires: requiredOn('all_hosts', service),
    requiresHere: requiredOn('same_host', service),
    scripts: service.scripts.map(path),
    start: command(service.start),
    stop: { ...service.stop, command: command(service.stop.command) },
    processes: service.processes.map(process),
    ready: placeReady(service.ready, { text, path, listen, command: template => command(template) ?? '', refuse }),
    places: service.places,
    logs: service.logs.map(path),
    onDuplicate: service.onDuplicate,
    onHung: service.onHung,
    hooks: {
      beforeStart: service.hooks.beforeStart.map(hook),
      afterStart: service.hooks.afterStart.map(hook),
      beforeStop: service.hooks.beforeStop.map(hook),
      afterStop: service.hooks.afterStop.map(hook),
    },
    become: E.isRight(become) ? become.right : null,
    maxUnavailable: null,
    rollback: service.rollback,
  }
  return problems.length > 0 ? E.left(problems) : E.right(placed)
}

const requiredOn = (where: RequiredWhere, { requires }: CatalogService): readonly ServiceName[] =>
  requires.flatMap(one => (one.where === where ? [one.value] : []))

/** For what could not be filled in and was said to be so: it passes every other check. */
const standIn = '/'
