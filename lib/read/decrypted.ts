/** A document with what is encrypted in it, or all of it, ready to be opened. */
import * as E from 'fp-ts/lib/Either.js'
import type { InputProblems } from '../model/problem.js'
import type { Files } from './files.js'
import type { YamlNode } from './node.js'
import { type Vault, vaultWith } from './vault.js'
import { isEnvelope } from './vault-cipher.js'

/** `wasEncrypted`: everything in the text is secret. */
export type Decrypted = Readonly<{ text: string; wasEncrypted: boolean }>

/** The text of a file, opened where all of it is encrypted; the Left says why it cannot be had. `comments` as for `Files`. */
export const readDecrypted = (files: Files, path: string, comments = ''): E.Either<string, Decrypted> => {
  const content = files.read(path, comments)
  if (E.isLeft(content)) return content
  if (!isEnvelope(content.right)) return E.right({ text: content.right, wasEncrypted: false })
  const opened = vaultOf(files).open(content.right)
  return E.isLeft(opened) ? opened : E.right({ text: opened.right.reveal(), wasEncrypted: true })
}

/** Tells each value of the document that it is secret, or how it is opened. */
export const withVault = (
  node: E.Either<InputProblems, YamlNode>,
  { text, wasEncrypted }: Decrypted,
  files: Files,
): E.Either<InputProblems, YamlNode> => {
  if (E.isLeft(node) || (!wasEncrypted && !text.includes('!vault'))) return node
  return E.right(withKeys(node.right, vaultOf(files), wasEncrypted))
}

const withKeys = (node: YamlNode, vault: Vault, isSecret: boolean): YamlNode => {
  switch (node._tag) {
    case 'sealed':
      return { ...node, open: () => vault.open(node.text) }
    case 'scalar':
      return isSecret ? { ...node, secret: true } : node
    case 'list':
      return { ...node, items: node.items.map(item => withKeys(item, vault, isSecret)) }
    case 'map':
      return {
        ...node,
        entries: node.entries.map(entry => ({ ...entry, value: withKeys(entry.value, vault, isSecret) })),
      }
  }
}

/** As it is in a file that is encrypted. */
export const inSecret = (node: YamlNode): YamlNode => withKeys(node, noKeys, true)

const noKeys = vaultWith([])
const vaultOf = ({ vault = noKeys }: Files): Vault => vault
