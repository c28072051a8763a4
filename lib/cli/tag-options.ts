/** Which services of a playbook are meant, and with which play it is begun. */

export type TagOptions = Readonly<{ tags?: readonly string[]; skipTags?: readonly string[]; startAt?: string }>

/** As they are written down with a run, and read again. */
export const tagsAsJournalled = ({ tags, skipTags, startAt }: TagOptions) => ({
  ...(startAt === undefined ? {} : { 'start-at': startAt }),
  ...(tags === undefined ? {} : { tags }),
  ...(skipTags === undefined ? {} : { 'skip-tags': skipTags }),
})

export const tagsFromJournal = (more: Readonly<Record<string, unknown>>): TagOptions => ({
  ...(typeof more['start-at'] === 'string' ? { startAt: more['start-at'] } : {}),
  ...(Array.isArray(more['tags']) ? { tags: more['tags'] } : {}),
  ...(Array.isArray(more['skip-tags']) ? { skipTags: more['skip-tags'] } : {}),
})
