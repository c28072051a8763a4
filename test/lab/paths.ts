/** Where the lab's own files are: the compiled code is in dist/, the scripts it runs are not. */
import { fileURLToPath } from 'node:url'

/** The folder of the project, without a slash at the end. */
export const projectFolder = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '')

export const labSources = `${projectFolder}/test/lab`
