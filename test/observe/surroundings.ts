/** The machine as another login or another host would find it: for one shell, and for nobody else. */
import { spawnSync } from 'node:child_process'
import { type Run, type Setting, shellOf } from './shells.js'

export const nobody = 65_534
export const asNobody = `--reuid ${nobody} --regid ${nobody} --clear-groups`

const isRoot = process.getuid?.() === 0

export const needsRoot = isRoot ? {} : { skip: 'it needs root' }

export const needsNamespaces =
  isRoot && spawnSync('unshare', ['--mount', '--net', 'true']).status === 0
    ? {}
    : { skip: 'it needs namespaces of its own' }

/** The commands change the mounts, and end by becoming a shell. */
export const changed = (commands: string, { net = false, ...setting }: Setting & { net?: boolean } = {}): Run =>
  shellOf(['unshare', '--mount', ...(net ? ['--net'] : []), '/bin/sh', '-c', commands], setting)

/** Commands after which there are no such tools. */
export const hide = (...tools: readonly string[]): string =>
  tools.map(tool => `mount --bind /dev/null "$(readlink -f "$(command -v ${tool})")";`).join(' ')
