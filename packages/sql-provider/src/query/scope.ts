import type { DialectName } from '../dialect.js'
import type { Indexes } from '../schema/indexes.js'

/** Where a question is asked: conditions are over `r`, a row of `scim_resources` of this tenant and type. */
export interface Scope {
  readonly dialect: DialectName
  readonly indexes: Indexes
  readonly tenant: string
  /** The resource type's name. */
  readonly type: string
}
