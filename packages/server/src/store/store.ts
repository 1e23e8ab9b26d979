import type { RecordStore, ResourceProvider, Tenants } from '@scimkit/core/provider'
import type { Facts, MigrationReport, SqlProvider } from '@scimkit/sql-provider'

/** A store that is open and has the tables of this version. */
export interface OpenStore {
  readonly provider: ResourceProvider
  /** The data of the server itself: hashes of its token and of passwords. */
  readonly facts: Facts
  /** The connections of identity providers, and their credentials. */
  readonly records: RecordStore
  readonly tenants: Tenants
  /** Absent in memory, where the key ends with the process. */
  readonly rotateCursorKey?: SqlProvider['rotateCursorKey']
  /** The location of the data for messages, never with a password. */
  readonly place: string
  /** Whether the data survives the process. */
  readonly durable: boolean
  /** Number of concurrent writes with the highest throughput: one if this process itself does the writing. */
  readonly writesAtOnce: number
  /** The migration that opening has run; undefined for memory, which has no tables. */
  readonly migration: MigrationReport | undefined
  /** Resolves if the store responds now, has the right tables and accepts writes; else rejects. */
  ready(): Promise<void>
  close(): Promise<void>
}
