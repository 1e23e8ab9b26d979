/**
 * The idempotency keys of creates: a row for each, in the unit of the insert. Its unique index makes one of several
 * concurrent inserts with one key succeed.
 */
import {
  type CreationKey,
  type CreationRecord,
  instantOf,
  type Next,
  type RawVersion,
  rawVersion,
} from '@scimkit/core/provider'
import { sql } from 'kysely'
import { oncePerDialect } from '../dialect/once-per-dialect.js'
import type { Row, Statement, Step } from '../driver/driver.js'
import { step, template } from '../statement/template.js'
import type { Store } from '../store/store.js'
import type { RefValues } from './statements.js'

/** Identifies the record of a key; `expired` is milliseconds since 1970. */
interface KeyValues {
  readonly tenant: string
  readonly principal: string
  readonly key: string
  readonly expired: number
}

// More than the one that is inserted, so that the number of expired rows falls.
const mostRemovedAtOnce = 8

const statementsOf = oncePerDialect(({ builder: db, rowLocks }) => {
  const read = template<KeyValues>((slot) =>
    db
      .selectFrom('scim_creation_keys')
      .select(['type', 'id', 'version', 'digest'])
      .where('tenant', '=', slot('tenant'))
      .where('principal', '=', slot('principal'))
      .where('key', '=', slot('key'))
      .where('at_ms', '>=', slot('expired')),
  )
  const deleteExpired = template<KeyValues>((slot) =>
    db
      .deleteFrom('scim_creation_keys')
      .where('tenant', '=', slot('tenant'))
      .where('principal', '=', slot('principal'))
      .where('key', '=', slot('key'))
      .where('at_ms', '<', slot('expired')),
  )
  const someExpired = template<Pick<KeyValues, 'expired'>>((slot) => {
    const oldest = db
      .selectFrom('scim_creation_keys')
      .select('seq')
      .where('at_ms', '<', slot('expired'))
      .orderBy('at_ms')
      .orderBy('seq')
      .limit(sql.lit(mostRemovedAtOnce))
    // Rows that another unit deletes are left to it: two units that wait for each other's rows would be a deadlock.
    const free = rowLocks === undefined ? oldest : oldest.modifyEnd(rowLocks.skipLocked)
    return db.deleteFrom('scim_creation_keys').where('seq', 'in', free)
  })
  const insert = template<
    Omit<KeyValues, 'expired'> &
      RefValues & {
        readonly digest: string
        readonly version: string
        readonly at: string
        readonly at_ms: number
      }
  >((slot) =>
    db.insertInto('scim_creation_keys').values({
      tenant: slot('tenant'),
      principal: slot('principal'),
      key: slot('key'),
      digest: slot('digest'),
      type: slot('type'),
      id: slot('id'),
      version: slot('version'),
      at: slot('at'),
      at_ms: slot('at_ms'),
    }),
  )
  return { read, deleteExpired, someExpired, insert }
})

/** The steps that store the key of an insert; none for an insert without one. The unit ends as `taken` if it has a record. */
export function creationKeySteps(
  { dialect }: Pick<Store, 'dialect'>,
  values: RefValues,
  { creationKey, version, at }: Pick<Next, 'creationKey' | 'version' | 'at'>,
): readonly Step[] {
  if (creationKey === undefined) return []
  const { deleteExpired, someExpired, insert } = statementsOf(dialect)
  const own = valuesOf(values.tenant, creationKey)
  const { principal, key, digest } = creationKey
  return [
    step(deleteExpired(own)),
    step(someExpired(own)),
    step(insert({ ...values, principal, key, digest, version, at, at_ms: instantOf(at) ?? 0 })),
  ]
}

/** Reads the record of a key, if it is still valid; {@link recordIn} reads its rows. */
export function readRecord({ dialect }: Pick<Store, 'dialect'>, tenant: string, key: CreationKey): Statement {
  return statementsOf(dialect).read(valuesOf(tenant, key))
}

/** The record in the rows of {@link readRecord}. */
export function recordIn([row]: readonly Row[]): CreationRecord | undefined {
  if (row === undefined) return undefined
  const version: RawVersion = rawVersion(String(row.version))
  return { ref: { type: String(row.type), id: String(row.id) }, version, digest: String(row.digest) }
}

function valuesOf(tenant: string, { principal, key, expired }: CreationKey): KeyValues {
  return { tenant, principal, key, expired: instantOf(expired) ?? 0 }
}
