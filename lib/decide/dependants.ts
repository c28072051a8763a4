/** What requires a service that a playbook stops, and is left as it is by all of it. */
import type { Playbook } from '../model/playbook.js'
import type { InputWarning } from '../model/problem.js'

/** Nobody has looked at them: they may not run, or do without it for a while. */
export const dependantsLeft = ({ plays }: Playbook): readonly InputWarning[] => {
  const settled = new Set(plays.flatMap(({ services }) => services.map(({ service }) => service.value)))
  return plays.flatMap(({ catalog, services }) =>
    services.flatMap(({ service: { value: name, at }, state, startedAfterMs }): readonly InputWarning[] => {
      if (state === 'running' && startedAfterMs === null) return []
      const left = [...catalog.values()].filter(
        other => !settled.has(other.name) && other.requires.some(({ value }) => value === name),
      )
      if (left.length === 0) return []
      const names = left.map(other => other.name).join(', ')
      const [require, are] = left.length === 1 ? ['requires', 'is'] : ['require', 'are']
      const done = state === 'stopped' ? 'stopped' : 'restarted'
      return [
        {
          at,
          what: `${name} is to be ${done}; ${names} ${require} it and ${are} left as ${are === 'is' ? 'it is' : 'they are'}`,
        },
      ]
    }),
  )
}
