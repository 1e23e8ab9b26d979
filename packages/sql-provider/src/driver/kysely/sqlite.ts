import { sqliteHost } from '../host-code.js'
import { embeddedLists } from '../list-work.js'
import { sqliteOutcomeOf, sqliteRowLimit, troubleOf } from '../sqlite/errors.js'
import type { KyselyDatabase } from './database.js'

/** SQLite behind a Kysely instance. */
export const kyselySqlite: KyselyDatabase = {
  isRemote: false,
  host: sqliteHost,
  maxParameters: 32_766,
  lists: () => embeddedLists(),
  readsWithoutTransaction: true,
  transaction: (instance) => instance.transaction(),
  opening: undefined,
  migrationLock: undefined,
  writeEndOf(error) {
    const trouble = troubleOf(error)
    if (trouble === 'taken') return 'taken'
    return trouble === 'guard' ? 'missed' : undefined
  },
  isConflict: (error) => troubleOf(error) === 'busy',
  mayHaveCommitted: () => true,
  failureOf(error) {
    const outcome = sqliteOutcomeOf(error)
    return { outcome, limit: outcome === 'refused' ? sqliteRowLimit : undefined }
  },
}
