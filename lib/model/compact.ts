/** Lists that are kept by the hundred thousand. */

/** The same list without the room that V8 leaves in one that was filled bit by bit (16 places and half as many again). */
export const compact = <A>(list: readonly A[]): readonly A[] => (list.length === 0 ? nothing : list.slice())

const nothing: readonly never[] = []
