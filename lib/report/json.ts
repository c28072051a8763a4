/** JSON for other programs: data as it is in the model, with maps as objects. */

export const toJson = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) => (inner instanceof Map ? Object.fromEntries(inner) : inner))
