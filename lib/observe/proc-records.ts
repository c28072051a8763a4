/** What grep prints of one file of every process, with the file's name before each record (`-H`). */

/** The records of each process, without that name; what is of another form is left out. */
export const recordsByPid = (text: string, file: string, end: '\n' | '\0'): ReadonlyMap<number, readonly string[]> => {
  const form = new RegExp(`^/proc/(\\d{1,10})/${file}:`)
  const byPid = new Map<number, string[]>()
  // Those of one process stand together.
  let name = ''
  let records: string[] = []
  for (const record of text.split(end)) {
    if (name === '' || !record.startsWith(name)) {
      const match = form.exec(record)
      if (match === null) continue
      const pid = Number(match[1])
      name = match[0]
      records = byPid.get(pid) ?? []
      byPid.set(pid, records)
    }
    records.push(record.slice(name.length))
  }
  return byPid
}
