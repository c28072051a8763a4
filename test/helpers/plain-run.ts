/** The options of a run that nothing was asked of. */
import type { RunOptions } from '../../lib/model/journal.js'

export const plainRun: RunOptions = {
  command: 'run',
  playbook: '/p.yml',
  inventory: ['/hosts.yml'],
  limit: null,
  catalogs: [],
  forks: 50,
  more: {},
  inputs: [],
}
