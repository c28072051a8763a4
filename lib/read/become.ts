/** The keys that say as whom things are done: the same on a play and on a service. */
import { type BecomeWish, becomeMethods } from '../model/become.js'
import type { SourcePos } from '../model/place.js'
import type { InputProblem } from '../model/problem.js'
import type { Template } from '../model/template.js'
import { field, flag, oneOf } from './codec.js'
import type { JsonSchema } from './json-schema.js'
import { template } from './template.js'

export const becomeFields = {
  become: field('true: look, start, stop and signal as another user than the login; false: as the login.', flag),
  become_user: field('The user to become; root if it is not said. It needs a become beside it.', template),
  become_method: field(
    'How to become that user; sudo if it is not said. It needs a become beside it.',
    oneOf('become_method', becomeMethods),
  ),
}

/** What a schema can say of `becomeMistakes`. */
export const becomeRule: JsonSchema = { dependencies: { become_user: ['become'], become_method: ['become'] } }

type Read = Readonly<{ become?: boolean; become_user?: Template; become_method?: BecomeWish<never>['method'] }>

export const becomeOf = ({ become, become_user, become_method }: Read): BecomeWish<Template> => ({
  become: become ?? null,
  user: become_user ?? null,
  method: become_method ?? null,
})

/** A user beside no `become` would be a wish that nobody fulfils. */
export const becomeMistakes = (value: Read, at: SourcePos, of: string): readonly InputProblem[] =>
  value.become === undefined && (value.become_user !== undefined || value.become_method !== undefined)
    ? [
        {
          _tag: 'MissingKey',
          at: value.become_user?.at ?? at,
          keys: ['become'],
          of: `${of} with a become_user or become_method`,
        },
      ]
    : []
