import { type ScimContext, ScimError, scimError } from '@scimkit/core'
import {
  historyLength,
  type RecordStore,
  type ResourceProvider,
  type ResourceRef,
  scanWorkFrom,
  type Tenants,
} from '@scimkit/core/provider'
import { dialectOf } from './dialect/dialects.js'
import { CallsUsedUp } from './driver/call-budget.js'
import type { Driver } from './driver/driver.js'
import { StoreFailure } from './driver/store-failure.js'
import { type CursorKeyRotated, type CursorKeyRotation, cursorKeysIn } from './facts/cursor-key.js'
import { type Facts, factsIn } from './facts/facts.js'
import { indexesFrom } from './keys/indexes.js'
import { type Outbox, outboxOn } from './outbox/outbox.js'
import { type OutboxOptions, outboxSettingsFrom } from './outbox/outbox-options.js'
import { reader } from './reading/reader.js'
import { recordsIn } from './records/records.js'
import { usedUp } from './request/calls-used-up.js'
import { type RequestWork, requestWork, workOfRequests } from './request/request-work.js'
import { checkSchema, type MigrationProgress, type MigrationReport, migrate } from './schema/migrate.js'
import type { Store } from './store/store.js'
import { tenantsIn } from './tenants/tenants.js'

/** The options of every SQL provider, for any database. */
export interface SqlProviderOptions {
  /**
   * Attributes with an index for filters and sorting, by resource type, in addition to `userName`, `externalId`, `displayName` and
   * `emails.value`: `{ User: ['name.familyName', 'active'] }`. Full canonical paths of simple attributes and sub-attributes. Every
   * process on one database must have the same; after a change, all keys are rebuilt at the start.
   */
  readonly indexes?: Readonly<Record<string, readonly string[]>>
  /**
   * Most resources, plus members if they are compared, that a filter or sort without an index may read; more is 400 tooMany.
   * Default 100,000.
   */
  readonly scanLimit?: number
  /**
   * Most comparisons that one list may cost: the resources that it reads, times the terms of filter and sort. Resources that an
   * index excludes are not read. More is 400 tooMany. Default 2,000,000.
   */
  readonly scanWork?: number
  /**
   * Most memberships of groups in groups that one request may follow to derive the `groups` of users. More is 400 tooMany: a
   * truncated list would be wrong. Default 5,000,000.
   */
  readonly groupEdges?: number
  /**
   * `auto`: create and migrate the tables at the first use. `never`: refuse to work with a schema that is not current, for hosts
   * that run `scimkit migrate` themselves. Default `auto`.
   */
  readonly migrations?: 'auto' | 'never'
  /**
   * How many of the last versions of each resource are kept, with the names of the attributes that each changed: a 412 then names
   * the attributes that have changed since. Costs one more statement per write. 0 to 1,000; default 0.
   */
  readonly history?: number
  /**
   * Records each committed change as a row, in the unit of the change: for consumers that must receive every change at least once.
   * Costs one more statement per write. Default false.
   */
  readonly outbox?: boolean | OutboxOptions
}

/** A provider over a database. */
export interface SqlProvider extends ResourceProvider {
  /**
   * The secrets that encrypt cursors, kept in the database, so that all its processes have the same ones. The first one seals,
   * all open. They are read again after ten seconds.
   */
  cursorKey(): Promise<readonly string[]>
  /**
   * Creates a new secret for cursors. Every process seals with it from the returned time on; earlier ones open until the
   * longest life of a cursor has passed. Throws a TypeError for an invalid `cursorSeconds`.
   */
  rotateCursorKey(rotation?: CursorKeyRotation): Promise<CursorKeyRotated>
  /** Named texts of the host, in the same database. */
  readonly facts: Facts
  /** Records of the host, such as connections and tokens, in the same database. */
  readonly records: RecordStore
  /** What is stored for each tenant: listed, counted, exported, removed. */
  readonly tenants: Tenants
  /** The committed changes, for consumers; its functions throw an Error without the option `outbox`. */
  readonly outbox: Outbox
  /**
   * Creates or migrates the tables now instead of at the first use. Safe to call from several processes at once. Throws a
   * SchemaMismatch if the schema is of a newer version.
   */
  migrate(progress?: MigrationProgress): Promise<MigrationReport>
  /**
   * Resolves if the database answers now and has the tables and keys that this provider needs; changes nothing. Rejects with a
   * StoreFailure, also if PostgreSQL is a standby, or with a SchemaMismatch. The time limits of the driver apply.
   */
  ready(): Promise<void>
  /** Closes the connections that the provider has opened; a pool of the host stays open. */
  close(): Promise<void>
}

/** Whether the schema of a database is known to be current. A plain value, so that requests may share it. */
export interface Readiness {
  isReady: boolean
}

const defaultScanLimit = 100_000
const defaultGroupEdges = 5_000_000

/**
 * The provider on a driver: what `sqliteProvider`, `postgresProvider` and `d1Provider` share. `readiness` may be shared by
 * providers with the same options on the same database.
 */
export function sqlProvider(
  driver: Driver,
  options: SqlProviderOptions = {},
  readiness: Readiness = { isReady: false },
): SqlProvider {
  const { scanLimit = defaultScanLimit, groupEdges = defaultGroupEdges, migrations = 'auto' } = options
  if (!Number.isSafeInteger(scanLimit) || scanLimit < 1) {
    throw new TypeError(`scanLimit: expected a whole number above 0, got ${String(scanLimit)}`)
  }
  if (!Number.isSafeInteger(groupEdges) || groupEdges < 1) {
    throw new TypeError(`groupEdges: expected a whole number above 0, got ${String(groupEdges)}`)
  }
  const history = historyLength(options.history)
  const settings = outboxSettingsFrom(options.outbox)
  const indexes = indexesFrom(options.indexes)
  const scanWork = scanWorkFrom(options.scanWork)
  const store: Store = {
    dialect: dialectOf(driver.dialect),
    driver,
    indexes,
    scanLimit,
    scanWork,
    groupEdges,
    history,
    outbox: settings.content,
    built: new Map(),
  }
  const workOf = workOfRequests(store)
  const shared = requestWork(store)

  let ready: Promise<unknown> | undefined
  const migrateOrCheck = (own: Store): Promise<unknown> => (migrations === 'auto' ? migrate(own) : checkSchema(own))
  /** Migrates or checks the schema until it has succeeded once; requests share an attempt if the platform permits that. */
  async function prepare(own: Store): Promise<void> {
    if (driver.isolatesRequests === true) {
      await migrateOrCheck(own)
      return
    }
    ready ??= migrateOrCheck(own)
    try {
      await ready
    } catch (error) {
      ready = undefined
      throw error
    }
  }

  /** Runs work of one request, whose store failures become SCIM errors. */
  async function within<Value>(
    own: RequestWork,
    work: (own: RequestWork) => Promise<Value>,
    isList = false,
  ): Promise<Value> {
    let before: number | undefined
    try {
      if (!readiness.isReady) {
        await prepare(own.store)
        readiness.isReady = true
      } else before = own.calls?.used
      return await work(own)
    } catch (error) {
      if (error instanceof CallsUsedUp) throw usedUp(own.calls, before, isList)
      if (!(error instanceof StoreFailure)) throw error
      const { isReady } = readiness
      // The tables may have been dropped, or this is another database than the checked one.
      if (error.outcome === 'rejected') readiness.isReady = false
      throw asScimError(error, isReady)
    }
  }
  const guarded = <Value>(work: () => Promise<Value>): Promise<Value> => within(shared, work)
  const facts = factsIn(store, guarded)
  const cursorKeys = cursorKeysIn(factsIn(store, guarded, 'provider'))
  const { outbox, written } = outboxOn(store, guarded, settings)
  /** Wakes the deliveries of this process after a committed write. */
  function noticed<End extends { readonly kind: string }>(write: Promise<End>): Promise<End> {
    if (written === undefined) return write
    return write.then((end) => {
      if (end.kind === 'success') written()
      return end
    })
  }

  return {
    supports: { inTransaction: true, quotas: true, idempotencyKeys: true },
    createdWith: (key, context) => within(workOf(context) ?? shared, (work) => work.createdWith(key, context)),
    ...(settings.content !== 'off' && { recordsChanges: true as const }),
    read: (ref, needs, context) => within(workOf(context) ?? shared, (work) => work.read(ref, needs, context)),
    ...(driver.isRemote === true && {
      willRead: async (refs: readonly ResourceRef[], context: ScimContext) => {
        const own = workOf(context, true)
        if (own !== undefined) await within(own, (work) => work.willRead(refs, context))
      },
    }),
    ...(driver.forRequest !== undefined && {
      hasRoomFor: (updates: number, context: ScimContext) => {
        const calls = workOf(context)?.calls
        return calls === undefined || calls.most - calls.used >= 2 * updates
      },
    }),
    query: (type, query, context) =>
      within(workOf(context) ?? shared, (work) => work.query(type, query, context), true),
    insert: (ref, next, context) =>
      noticed(within(workOf(context) ?? shared, (work) => work.insert(ref, next, context))),
    replace: (ref, expected, next, context) =>
      noticed(within(workOf(context) ?? shared, (work) => work.replace(ref, expected, next, context))),
    remove: (ref, expected, removal, context) =>
      noticed(within(workOf(context) ?? shared, (work) => work.remove(ref, expected, removal, context))),
    ...(history > 0 && {
      history: (ref: ResourceRef, context: ScimContext) =>
        within(workOf(context) ?? shared, (work) => work.history(ref, context)),
    }),
    cursorKey: () => cursorKeys.read(),
    rotateCursorKey: (rotation) => cursorKeys.rotate(rotation),
    facts,
    records: recordsIn(store, guarded),
    tenants: tenantsIn(store, reader(store), guarded),
    outbox,
    migrate: (progress) => migrate(store, progress),
    ready: () => checkSchema(store),
    close: async () => driver.close(),
  }
}

/**
 * 503: the client may retry; the detail says if the write may have been committed. Without `Retry-After`, because the same request
 * does not succeed later by itself: 400 for values that the store never accepts, 507 for a full database, 500 for a rejected
 * statement. Failures while the store is prepared are not caused by the request: 503.
 * @see RFC 4918 §11.5 (507)
 */
function asScimError(failure: StoreFailure, isReady: boolean): Error {
  switch (failure.outcome) {
    case 'refused':
    case 'rejected':
      if (!isReady) return scimError.unavailable('The store is not ready; nothing was written.', 30, failure)
      return failure.outcome === 'refused' ? refused(failure) : rejected(failure)
    case 'full':
      return new ScimError(507, 'The database or its disk is full; nothing was written.', { cause: failure })
    case 'nothingWritten':
      return scimError.unavailable('The store is busy or unreachable; nothing was written.', 1, failure)
    case 'unknown':
      return scimError.unavailable(
        'The connection to the store was lost during COMMIT: the write may or may not have been committed. Read the resource before a retry.',
        1,
        failure,
      )
  }
}

function refused({ limit }: StoreFailure): ScimError {
  const reason =
    limit ?? 'The store cannot store or search for one of the values, such as a text with unsupported characters.'
  return scimError.invalidValue(`${reason} Nothing was written.`)
}

function rejected(failure: StoreFailure): ScimError {
  const detail =
    'The database rejected a statement of this server; nothing was written. The operator of the server must fix this.'
  return new ScimError(500, detail, { cause: failure })
}
