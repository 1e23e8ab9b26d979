import type { ResourceProvider } from '@scimkit/core'
import type { Facts, MigrationReport } from '@scimkit/sql-provider'

/** A store that is there and has the tables of this version. */
export interface OpenStore {
  readonly provider: ResourceProvider
  /** What the server itself has to remember: hashes of its token and of passwords. */
  readonly facts: Facts
  /** Where the data is, for people: never with a password. */
  readonly place: string
  /** Whether the data is still there when the process is not. */
  readonly durable: boolean
  /** How many writes may be under way for the most of them to be done: one where they are done in this very process. */
  readonly writesAtOnce: number
  /** What opening it has done to its tables; undefined for memory, which has none. */
  readonly migration: MigrationReport | undefined
  /** Resolves if the store answers now, has the right tables and may be written to; else rejects. */
  ready(): Promise<void>
  close(): Promise<void>
}
