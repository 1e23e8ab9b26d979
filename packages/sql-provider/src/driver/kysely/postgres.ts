import { postgresHost } from '../host-code.js'
import { remoteLists } from '../list-work.js'
import {
  isAmbiguous,
  isRivalry,
  limitIn,
  postgresOutcomeOf,
  StandbyError,
  sqlStateOf,
  writeEndOf,
} from '../postgres/errors.js'
import type { KyselyDatabase } from './database.js'

/**
 * The first statement of every transaction. The connection belongs to the host, and a pooler may be in between: the properties
 * and settings of a session may differ in the next transaction. The durability of a write is raised for the transaction alone and
 * never lowered; a standby must not answer, because its data may be old.
 */
const standing = `select pg_is_in_recovery() as standby,
  case when current_setting('synchronous_commit') in ('off', 'local')
    then set_config('synchronous_commit', 'on', true) end as synchronous_commit`

/** PostgreSQL behind a Kysely instance. */
export const kyselyPostgres: KyselyDatabase = {
  isRemote: true,
  host: postgresHost,
  maxParameters: 65_535,
  lists: remoteLists,
  readsWithoutTransaction: false,
  // Set each time: the instance may have another default.
  transaction: (instance, reading) =>
    instance.transaction().setIsolationLevel(reading ? 'repeatable read' : 'read committed'),
  opening: {
    sql: standing,
    // Only the pool of the host closes a connection to a standby.
    refusal(row) {
      const answer: unknown = row?.standby
      return answer === false || answer === 0 || answer === 'f' ? undefined : new StandbyError()
    },
  },
  migrationLock: 'select pg_advisory_xact_lock(32478926780197236)',
  writeEndOf,
  isConflict: isRivalry,
  // An error that the server itself returned for COMMIT is a rejection; with any other error it may have committed.
  mayHaveCommitted: (error) => sqlStateOf(error) === undefined || isAmbiguous(error),
  failureOf: (error) => ({
    outcome: postgresOutcomeOf(error),
    message: error instanceof StandbyError ? error.message : undefined,
    limit: limitIn(error),
  }),
}
