/** The part of `pg` that the driver uses. A pool of any package with the same shape will do. */
import type { SqlValue } from '../driver.js'

/** A pool of connections, such as `new Pool()` of `pg`. */
export interface PostgresPool {
  /** `max`: most connections, if the pool has this property. */
  readonly options?: { readonly max?: number | undefined }
  /** Resolves when a connection is free. */
  connect(): Promise<PostgresClient>
  on(event: 'error', listener: (error: Error) => void): unknown
  removeListener(event: 'error', listener: (error: Error) => void): unknown
}

/** One connection, borrowed from a pool. */
export interface PostgresClient {
  /** The server process id from the start of the connection; a pooler sends an id that it made up. */
  readonly processID?: number | null
  /** Several answers for a text of several statements. */
  query(query: PostgresQuery): Promise<PostgresResult | readonly PostgresResult[]>
  /** Gives the connection back; with an error it is closed instead. */
  release(error?: Error): void
  on(event: 'error', listener: (error: Error) => void): unknown
  removeListener(event: 'error', listener: (error: Error) => void): unknown
}

/** A statement as `pg` takes it. With a name it is prepared once per connection. */
export interface PostgresQuery {
  readonly text: string
  readonly values?: readonly SqlValue[] | undefined
  readonly name?: string | undefined
  /** `extended`: never the simple protocol, which takes several statements in one text. */
  readonly queryMode?: 'extended' | undefined
  readonly types?: PostgresTypes | undefined
}

/** How the text of a column becomes a value, by the object id of its type. */
export interface PostgresTypes {
  getTypeParser(type: number, format?: string): (text: string) => unknown
}

/** A result of `pg`. */
export interface PostgresResult {
  /** The first word of the command that was run: `COMMIT` may turn out to be a `ROLLBACK`. */
  readonly command: string
  /** Rows changed, or found by a SELECT. */
  readonly rowCount: number | null
  readonly rows: readonly unknown[]
}
