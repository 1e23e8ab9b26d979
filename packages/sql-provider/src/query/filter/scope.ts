import type { Dialect, StatementGuard } from '../../dialect/dialect.js'
import type { Indexes } from '../../keys/indexes.js'
import type { RowSets } from './row-sets.js'

/** The scope of a query: conditions are over `r`, a row of `scim_resources` of this tenant and type. */
export interface Scope {
  readonly dialect: Dialect
  readonly indexes: Indexes
  readonly tenant: string
  /** The resource type's name. */
  readonly type: string
  /** The row sets of terms on members and groups. */
  readonly sets: RowSets
  /** Records that the query uses keys. */
  readonly usesKeys: () => void
  /** The check for statements: none if no keys are used. */
  readonly guard: () => StatementGuard
}

/** True if all values of an attribute are in its keys; records that the caller uses them. */
export function hasKeys({ indexes, type, usesKeys }: Scope, path: string): boolean {
  if (!indexes.has(type, path) || isMade(path)) return false
  usesKeys()
  return true
}

/**
 * True for attributes that are computed from columns and other rows instead of the document. Keys are built from documents, so
 * these attributes have none, even if the option `indexes` names them.
 */
export function isMade(path: string): boolean {
  return path === 'id' || path === managerName || made.some((whole) => path === whole || path.startsWith(`${whole}.`))
}

const made: readonly string[] = ['meta', 'members', 'groups']
const managerName = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.displayName'
