import type { Dialect } from './dialect.js'
import type { Driver } from './driver/driver.js'
import type { Indexes } from './schema/indexes.js'

/** What reads and writes work with: made once per provider. */
export interface Store {
  readonly dialect: Dialect
  readonly driver: Driver
  readonly indexes: Indexes
  /** Most resources, and members of them, that one question may look at without an index; more is 400 tooMany. */
  readonly scanLimit: number
  /** Most comparisons, rows × terms, that one question may cost; more is 400 tooMany. */
  readonly scanWork: number
  /** Most memberships of groups in groups that one request follows to tell `groups`; more is 400 tooMany. */
  readonly groupEdges: number
  /** How many changes of each resource are kept; 0 for none. */
  readonly history: number
  /** What `builtOnce` has built for this provider, by what built it. */
  readonly built: Map<unknown, unknown>
}
