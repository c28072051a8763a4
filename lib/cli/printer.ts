/**
 * Lines to stdout, those of one turn of the event loop at once: many steps may end in the same moment. A turn that ends the
 * process, as a bug does, has its lines too.
 */

export type Printer = Readonly<{
  print: (lines: readonly string[]) => void
  /** Nothing is left to print after it. */
  flush: () => void
}>

/** `around` is given what writes the lines, so that something can be put away before and back behind it. */
export const printerTo = (around: (write: () => void) => void): Printer => {
  let waiting: string[] = []
  let timer: NodeJS.Immediate | null = null
  const flush = (): void => {
    if (timer !== null) clearImmediate(timer)
    timer = null
    process.off('exit', flush)
    const text = waiting.join('\n')
    const isEmpty = waiting.length === 0
    waiting = []
    if (!isEmpty) around(() => console.log(text))
  }
  return {
    print: lines => {
      for (const line of lines) waiting.push(line)
      if (lines.length === 0 || timer !== null) return
      timer = setImmediate(flush)
      process.once('exit', flush)
    },
    flush,
  }
}
