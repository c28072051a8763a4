/** The kinds of file that a user writes in YAML and an editor can help with. */
export const documentKinds = ['playbook', 'catalog', 'inventory'] as const
export type DocumentKind = (typeof documentKinds)[number]
