/** A service of the catalog on one host, with the host's variables filled in. */
import * as E from 'fp-ts/lib/Either.js'
import type { CatalogProcess, CatalogService, HostProcess, HostService } from '../model/catalog.js'
import type { Host } from '../model/inventory.js'
import { type ListenAddress, listenAddressForm, parseListenAddress } from '../model/listen-address.js'
import type { InputProblem } from '../model/problem.js'
import { shellWord } from '../model/shell.js'
import type { Template } from '../model/template.js'
import { renderPartly, renderRest, renderText } from './variables.js'

export const placeService = (service: CatalogService, host: Host): E.Either<readonly InputProblem[], HostService> => {
  const problems: InputProblem[] = []
  const keep = <A>(result: E.Either<InputProblem, A>, otherwise: A): A => {
    if (E.isRight(result)) return result.right
    problems.push(result.left)
    return otherwise
  }

  const text = (template: Template): string => keep(renderText(template, host), '')
  const command = (template: Template | null): string | null =>
    template === null
      ? null
      : renderRest(keep(renderPartly(template, host, [], shellWord), template), new Map(), shellWord)

  /** On a host there is no folder that a relative path could be relative to. */
  const script = (template: Template): string => {
    const found = text(template)
    if (found !== '' && !found.startsWith('/')) {
      problems.push({
        _tag: 'BadValue',
        at: template.at,
        expected: 'a path from the root',
        found: `"${found}"`,
        host: host.name,
      })
    }
    return found
  }

  const listen = (template: Template): ListenAddress => {
    const text = renderText(template, host)
    const address = E.isRight(text) ? parseListenAddress(text.right) : null
    if (address !== null) return address
    const found = E.isRight(text) ? `"${text.right}"` : ''
    const wrong = { _tag: 'BadValue', at: template.at, expected: listenAddressForm, found, host: host.name } as const
    problems.push(E.isLeft(text) ? text.left : wrong)
    return { address: null, port: 0 }
  }

  const process = (written: CatalogProcess): HostProcess => {
    const later = written.each?.as ?? []
    const partly = (template: Template, encode: (value: string) => string) =>
      keep(renderPartly(template, host, later, encode), template)
    return {
      name: written.name,
      args: written.args.map(arg => partly(arg, value => value)),
      listens: written.listens.map(listen),
      start: written.start === null ? null : partly(written.start, shellWord),
      stop: written.stop === null ? null : partly(written.stop, shellWord),
      onStop: written.onStop,
      each: written.each === null ? null : { linesOf: text(written.each.linesOf), as: written.each.as },
    }
  }

  const placed: HostService = {
    host: host.name,
    name: service.name,
    requires: service.requires.map(({ value }) => value),
    scripts: service.scripts.map(script),
    start: command(service.start),
    stop: { ...service.stop, command: command(service.stop.command) },
    processes: service.processes.map(process),
    ready: service.ready,
  }
  return problems.length > 0 ? E.left(problems) : E.right(placed)
}
