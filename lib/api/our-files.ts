/** Files as they are on disk; inventories that are programs are run. */
import { diskFiles, type Files } from '../read/files.js'
import { runInventoryProgram } from '../remote/inventory-program.js'

export const ourFiles: Files = { ...diskFiles, run: runInventoryProgram() }
