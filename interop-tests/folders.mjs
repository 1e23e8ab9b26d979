import { join } from 'node:path'
import { root } from '../tools/workspace.mjs'

/** Where the programs are that use other people's clients. */
export const driversFolder = join(root, 'interop-tests', 'drivers')

/** Where virtual environments, compiled drivers and recordings are kept; ignored by git. */
export const cacheFolder = join(root, 'interop-tests', '.cache')
