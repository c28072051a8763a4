/** What systemd believes of the units it made of init scripts, asked for all of them at once. */
import type { HostText, ScriptUnit } from '../model/observation.js'
import { scriptNameOf, unitNameOf } from '../model/unit.js'

const properties = ['LoadState', 'ActiveState', 'SubState', 'SourcePath', 'FragmentPath'] as const

/** Shell text; empty where no script can have a unit. The limit is for a systemd that does not answer. */
export const askForUnits = (scripts: readonly string[]): string => {
  const units = unitsOf(scripts).map(([, unit]) => unit)
  if (units.length === 0) return ''
  const show = `systemctl show ${properties.map(name => `-p ${name}`).join(' ')} ${units.join(' ')} 2>/dev/null`
  return `if [ -d /run/systemd/system ] && has systemctl; then
section units systemctl
if has timeout; then command timeout 10 ${show}; else command ${show}; fi
ended $?
fi`
}

/**
 * By the paths of the scripts; only units that systemd made of the very script, and not those that a package or a
 * person wrote. One block of `NAME=VALUE` lines for each unit, in the order they were asked for.
 */
export const parseUnits = (scripts: readonly string[], body: string): ReadonlyMap<string, ScriptUnit> => {
  if (body === '') return new Map()
  const asked = unitsOf(scripts)
  const blocks = body.trim().split(/\n\n+/).map(valuesIn)
  if (blocks.length !== asked.length) return new Map()
  return new Map(
    asked.flatMap(([script, name], i): (readonly [string, ScriptUnit])[] => {
      const block = blocks[i] ?? new Map()
      if (!isMadeOf(script, block)) return []
      const [active, sub] = [block.get('ActiveState') ?? '', block.get('SubState') ?? ''] as HostText[]
      return active && sub ? [[script, { name, active, sub }]] : []
    }),
  )
}

const unitsOf = (scripts: readonly string[]): readonly (readonly [script: string, unit: string])[] =>
  scripts.flatMap(script => {
    const unit = unitNameOf(script)
    return unit === null ? [] : [[script, unit] as const]
  })

/** systemd before 220 had no generator and read the script itself: then there is no fragment. */
const isMadeOf = (script: string, block: ReadonlyMap<string, string>): boolean => {
  const fragment = block.get('FragmentPath') ?? ''
  const isGenerated = fragment === '' || fragment.startsWith('/run/systemd/generator')
  const source = scriptNameOf(block.get('SourcePath') ?? '')
  return block.get('LoadState') === 'loaded' && isGenerated && source !== null && source === scriptNameOf(script)
}

const valuesIn = (block: string): ReadonlyMap<string, string> =>
  new Map(block.split('\n').map(line => [line.split('=', 1)[0] ?? '', line.slice(line.indexOf('=') + 1)] as const))
