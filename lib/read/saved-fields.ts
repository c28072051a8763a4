/** Fields of a file that steward itself has written. */
import * as E from 'fp-ts/lib/Either.js'
import { type Codec, codecOf, type Decoded, decode, field, list, sealed, text, wrongType } from './codec.js'
import { anything } from './json-schema.js'

export const unplaced = <A>(codec: Codec<Readonly<{ value: A }>>): Codec<A> =>
  codecOf(codec.name, anything, node => E.map(({ value }: { value: A }) => value)(decode(codec, node)))

type FieldsOf<C> = { readonly [K in keyof C]: Readonly<{ meaning: string; codec: Codec<Decoded<C[K]>> }> }

/** Nobody writes it by hand, so its keys need no meaning. */
export const record = <C extends Codecs, O extends Codecs = Record<never, never>>(
  what: string,
  required: C,
  optional: O = {} as O,
) => unplaced(sealed(what, fieldsOf(required), fieldsOf(optional)))

type Codecs = Readonly<Record<string, Codec<unknown>>>

const fieldsOf = <C extends Codecs>(codecs: C): FieldsOf<C> =>
  Object.fromEntries(Object.entries(codecs).map(([key, codec]) => [key, field('', codec)] as const)) as FieldsOf<C>

export const whole: Codec<number> = codecOf('a whole number', anything, node =>
  node._tag === 'scalar' && Number.isSafeInteger(node.value)
    ? E.right(node.value as number)
    : E.left([wrongType(node, 'a whole number')]),
)

export const orNull = <A>(codec: Codec<A>): Codec<A | null> =>
  codecOf<A | null>(`${codec.name} or null`, anything, node =>
    node._tag === 'scalar' && node.value === null ? E.right(null) : decode(codec, node),
  )

export const plain = unplaced(text)
export const plains = list(plain)
