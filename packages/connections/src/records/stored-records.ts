/** Reads and changes of the records in a store, typed. */
import type { RecordInsert, RecordKey, RecordReplace, RecordStore, StoredRecord } from '@scimkit/core/provider'
import type { ConnectionRecord, TokenRecord, UseRecord } from './connection.js'
import { connectionIn, tokenIn, useIn, type Versioned } from './read-records.js'

/** The connection with this id; undefined if there is none, or if its record is invalid. */
export async function readConnection(store: RecordStore, id: string): Promise<Versioned<ConnectionRecord> | undefined> {
  return one(id, await store.read([{ kind: 'connection', id }]), connectionIn)
}

/** The token with this id, expired or not; undefined if there is none, or if its record is invalid. */
export async function readToken(store: RecordStore, id: string): Promise<Versioned<TokenRecord> | undefined> {
  return one(id, await store.read([{ kind: 'token', id }]), tokenIn)
}

/** The tokens with these ids, expired or not, in any order; ids without a valid record are left out. */
export async function readTokens(store: RecordStore, ids: readonly string[]): Promise<Versioned<TokenRecord>[]> {
  if (ids.length === 0) return []
  const stored = await store.read(ids.map((id) => ({ kind: 'token', id })))
  return stored.map(tokenIn).filter((token) => token !== undefined)
}

/** The uses of connections and tokens, by id; ids without a valid record are left out. */
export async function readUses(
  store: RecordStore,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Versioned<UseRecord>>> {
  const uses = new Map<string, Versioned<UseRecord>>()
  if (ids.length === 0) return uses
  for (const stored of await store.read(ids.map((id) => ({ kind: 'use', id })))) {
    const use = useIn(stored)
    if (use !== undefined) uses.set(stored.id, use)
  }
  return uses
}

/** The change that stores a new connection. */
export function insertConnection(record: ConnectionRecord): RecordInsert {
  return { change: 'insert', ...keyOf('connection', record.id), tenant: record.tenant, value: JSON.stringify(record) }
}

/** The change of a connection that was read with `revision`. */
export function replaceConnection(record: ConnectionRecord, revision: number): RecordReplace {
  return { change: 'replace', ...keyOf('connection', record.id), expected: revision, value: JSON.stringify(record) }
}

/** The change that stores a new token. */
export function insertToken(record: TokenRecord): RecordInsert {
  const { id, tenant, expires } = record
  return { change: 'insert', ...keyOf('token', id), tenant, expires, value: JSON.stringify(record) }
}

/** The change of a token that was read with `revision`. */
export function replaceToken(record: TokenRecord, revision: number): RecordReplace {
  const { id, expires } = record
  return { change: 'replace', ...keyOf('token', id), expected: revision, expires, value: JSON.stringify(record) }
}

/** The change that stores the first use of a connection or token. */
export function insertUse(id: string, tenant: string, record: UseRecord, expires: number | undefined): RecordInsert {
  return { change: 'insert', ...keyOf('use', id), tenant, expires, value: JSON.stringify(record) }
}

/** The change of a use that was read with `revision`. */
export function replaceUse(
  id: string,
  record: UseRecord,
  revision: number,
  expires: number | undefined,
): RecordReplace {
  return { change: 'replace', ...keyOf('use', id), expected: revision, expires, value: JSON.stringify(record) }
}

function keyOf(kind: 'connection' | 'token' | 'use', id: string): RecordKey {
  return { kind, id }
}

// A store that returned another record than the one asked for would give one caller the rights of another.
function one<Record>(
  id: string,
  stored: readonly StoredRecord[],
  read: (stored: StoredRecord) => Record | undefined,
): Record | undefined {
  const [first] = stored
  return first?.id === id && stored.length === 1 ? read(first) : undefined
}
