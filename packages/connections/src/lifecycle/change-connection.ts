/** The one way in which a connection changes: read, decide, compare-and-swap; repeated after a conflict. */
import type { RecordChange, RecordStore } from '@scimkit/core/provider'
import type { ConnectionPorts } from '../ports.js'
import type { ConnectionRecord } from '../records/connection.js'
import { readConnection, replaceConnection } from '../records/stored-records.js'
import { invalid } from './check-values.js'
import { ConnectionError } from './connection-error.js'

/** What all changes need. */
export interface Lifecycle {
  readonly store: RecordStore
  readonly ports: ConnectionPorts
  /** Removes records of this process's cache: kind and id. */
  readonly forget: (kind: 'connection' | 'token', id: string) => void
}

/** Restricts a call to the connections of one tenant: any other connection is not found. */
export interface InTenant {
  readonly tenant?: string
}

/**
 * The settings of a call. Throws a ConnectionError if they have a `tenant` that is undefined: a session without a tenant
 * must not act on the connections of all.
 */
export function restricted<Settings extends InTenant>(settings: Settings): Settings {
  if (!('tenant' in settings) || settings.tenant !== undefined) return settings
  throw invalid('tenant: expected a name; leave the member out for the connections of all tenants.')
}

/** A decision about a connection. */
export interface ConnectionChange<Result> {
  /** The connection afterwards. */
  readonly next: ConnectionRecord
  /** Changes of other records in the same unit. */
  readonly also?: readonly RecordChange[]
  readonly result: Result
}

const attempts = 10

// What a store accepts as the value of a record.
const longestValue = 65_536

/**
 * Changes a connection and what belongs to it, as one unit. `decide` is called again after a conflict, with the record
 * as it is then. Throws a ConnectionError, `notFound` also for a connection of another tenant, and the errors of the
 * store.
 */
export async function changeConnection<Result>(
  { store, ports, forget }: Lifecycle,
  id: string,
  { tenant }: InTenant,
  decide: (connection: ConnectionRecord) => ConnectionChange<Result> | Promise<ConnectionChange<Result>>,
): Promise<Result> {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const read = await readConnection(store, checkedId(id))
    const connection = inTenant(read?.record, tenant)
    if (read === undefined || connection === undefined) throw noConnection()
    const { next, also = [], result } = await decide(connection)
    if (next === connection && also.length === 0) return result
    const changes = [checkedChange(replaceConnection(next, read.revision)), ...also]
    const written = await store.write(changes)
    // Also after a conflict: the record in the cache is older than that of the other process.
    for (const { kind, id: changed } of changes) if (kind === 'connection' || kind === 'token') forget(kind, changed)
    if (written === 'written') return result
    await ports.sleep(ports.random() * Math.min(250, 5 * 2 ** attempt))
  }
  throw conflict()
}

/** The connection, unless it belongs to another tenant. */
export function inTenant(
  connection: ConnectionRecord | undefined,
  tenant: string | undefined,
): ConnectionRecord | undefined {
  return tenant === undefined || connection?.tenant === tenant ? connection : undefined
}

/** The same error for a connection that does not exist and for one of another tenant. */
export function noConnection(): ConnectionError {
  return new ConnectionError('notFound', 'There is no connection with this id.')
}

/** The error after too many conflicts. */
export function conflict(): ConnectionError {
  return new ConnectionError('conflict', 'The connection was changed by others at the same time; nothing was changed.')
}

/** The id of a record, or the error for one that no record can have: stores reject other texts. */
export function checkedId(id: string): string {
  if (typeof id !== 'string' || id.length === 0 || id.length > 200) throw noConnection()
  for (let i = 0; i < id.length; i++) {
    const unit = id.charCodeAt(i)
    if (unit < 0x21 || unit > 0x7e) throw noConnection()
  }
  return id
}

/** The change, unless its value is longer than a store accepts. */
export function checkedChange<Change extends { readonly value: string }>(change: Change): Change {
  if (change.value.length > longestValue) {
    throw invalid(
      `The settings of the connection are longer than ${longestValue} characters: use a URL of the key set.`,
    )
  }
  return change
}
