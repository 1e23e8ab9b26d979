import type { Dialect } from '../dialect/dialect.js'
import type { Driver } from '../driver/driver.js'
import type { Indexes } from '../keys/indexes.js'

/** `off`: nothing. `names`: names, ids and versions. `documents`: the document too. */
export type OutboxContent = 'off' | 'names' | 'documents'

/** The dependencies and limits of reads and writes, created once per provider. */
export interface Store {
  readonly dialect: Dialect
  readonly driver: Driver
  readonly indexes: Indexes
  /** Most resources, plus their members, that one query may read without an index; more is 400 tooMany. */
  readonly scanLimit: number
  /** Most comparisons, rows × terms, that one query may cost; more is 400 tooMany. */
  readonly scanWork: number
  /** Most memberships of groups in groups that one request follows to derive `groups`; more is 400 tooMany. */
  readonly groupEdges: number
  /** How many changes of each resource are kept; 0 for none. */
  readonly history: number
  /** What the outbox records of each change. */
  readonly outbox: OutboxContent
  /** The cache of `builtOnce` for this provider, by build function. */
  readonly built: Map<unknown, unknown>
}
