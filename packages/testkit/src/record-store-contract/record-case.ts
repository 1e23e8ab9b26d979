import type { RecordChange, RecordKey, RecordStore, StoredRecord } from '@scimkit/core/provider'
import { ensureSame } from '../provider-contract/assert.js'

/** The fixture of a case; its kinds and tenants are used by no other case. */
export interface RecordRig {
  readonly store: RecordStore
  /** A second store on the same database, such as that of another process; the same object if there is none. */
  readonly other: RecordStore
  /** Two kinds; the first is a prefix of the second. */
  readonly kind: string
  readonly kind2: string
  readonly tenant: string
  readonly tenant2: string
  readonly rounds: number
}

/** A case that is not bound to a store yet. */
export interface RecordCase {
  readonly id: string
  readonly title: string
  readonly check: (rig: RecordRig) => Promise<void>
}

/** Makes a case that every store must pass. */
export function recordCase(id: string, title: string, check: RecordCase['check']): RecordCase {
  return { id, title, check }
}

type Insert = Extract<RecordChange, { change: 'insert' }>
type Replace = Extract<RecordChange, { change: 'replace' }>
type Removal = Extract<RecordChange, { change: 'remove' }>

/** An insert in the kind and the tenant of the case. */
export function insertOf({ kind, tenant }: RecordRig, id: string, more: Partial<Insert> = {}): Insert {
  return { change: 'insert', kind, id, tenant, value: '{}', ...more }
}

/** A replacement in the kind of the case. */
export function replaceOf({ kind }: RecordRig, id: string, expected: number, more: Partial<Replace> = {}): Replace {
  return { change: 'replace', kind, id, expected, value: '{}', ...more }
}

/** A removal in the kind of the case. */
export function removalOf({ kind }: RecordRig, id: string, expected: number): Removal {
  return { change: 'remove', kind, id, expected }
}

/** The record with this key; undefined if there is none. */
export async function recordAt(store: RecordStore, { kind, id }: RecordKey): Promise<StoredRecord | undefined> {
  const found = await store.read([{ kind, id }])
  ensureSame(found.length <= 1, true, 'records of one key: at most one')
  return found[0]
}

/** Makes changes that must be written. */
export async function written(store: RecordStore, ...changes: readonly RecordChange[]): Promise<void> {
  ensureSame(await store.write(changes), 'written', `write of ${changes.length} changes`)
}

/** All records of the kind of the case, as `id:revision:value`, in the order of lists. */
export async function statesOf({ store, kind }: RecordRig): Promise<readonly string[]> {
  const all = await store.list({ kind, count: 1_000 })
  return all.map(({ id, revision, value }) => `${id}:${revision}:${value}`)
}
