/** Text that a POSIX shell reads as one word (POSIX.1-2017, Shell Command Language, 2.2.2). */

export const shellWord = (value: string): string =>
  /^[A-Za-z0-9_@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`
