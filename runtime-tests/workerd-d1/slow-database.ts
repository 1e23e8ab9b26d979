import type { D1Database } from '@scimkit/sql-provider/d1'
import { aroundDatabase } from './around-database.js'

const milliseconds = 100
const slow = new WeakMap<D1Database, D1Database>()

/** The same database with a delay for each call; always the same object for the same database. */
export function slowDatabase(db: D1Database): D1Database {
  const known = slow.get(db) ?? aroundDatabase(db, later)
  slow.set(db, known)
  return known
}

async function later<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  await new Promise((resume) => setTimeout(resume, milliseconds))
  return call()
}
