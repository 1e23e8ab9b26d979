import { join } from 'node:path'
import { root } from '../tools/workspace.mjs'

/** The folder of the programs that use third-party clients. */
export const driversFolder = join(root, 'interop-tests', 'drivers')

/** The folder of virtual environments, compiled drivers and recordings; ignored by git. */
export const cacheFolder = join(root, 'interop-tests', '.cache')
