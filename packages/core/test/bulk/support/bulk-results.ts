/** Reads the results of bulk requests. */
import type { JsonObject } from '../../../src/json/value.js'
import type { Server } from '../../support/server.js'
import { pathOf } from './bulk-requests.js'

export const stale = 'W/"0-000000000000000000000000"'
export const responseOf = (result: JsonObject | undefined): JsonObject => (result?.response ?? {}) as JsonObject
export const idIn = (result: JsonObject | undefined): string => pathOf(result).split('/').at(-1) ?? ''

export const totals = async (server: Server): Promise<readonly unknown[]> => [
  (await server.get('/Users?count=0')).json.totalResults,
  (await server.get('/Groups?count=0')).json.totalResults,
]
