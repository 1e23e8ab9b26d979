import type { D1Database } from '@scimkit/sql-provider/d1'
import { aroundDatabase } from './around-database.js'

/** The same database, unreachable after `calls` calls: simulates an isolate that is ended in the middle. */
export function cutDatabase(db: D1Database, calls: number): D1Database {
  let left = calls
  return aroundDatabase(db, (call) => {
    left -= 1
    return left < 0 ? Promise.reject(new Error('cut')) : call()
  })
}
