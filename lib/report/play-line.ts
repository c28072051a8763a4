/** The line a play begins with, and each batch of one that has several. */
import { type Batch, batchInWords } from '../model/rollout.js'
import { someOf } from './columns.js'
import { printable } from './printable.js'

export const playLine = ({ name, batch }: Readonly<{ name: string; batch?: Batch }>): string =>
  printable(
    batch === undefined || batch.of === 1
      ? `PLAY [${name}]`
      : `PLAY [${name}] ${batchInWords(batch)}: ${someOf(batch.hosts)}`,
  )
