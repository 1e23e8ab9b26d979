import type { Dialect } from '../dialect.js'
import type { Indexes } from '../schema/indexes.js'
import type { KeysGuard } from './keys-guard.js'
import type { RowSets } from './row-sets.js'

/** Where a question is asked: conditions are over `r`, a row of `scim_resources` of this tenant and type. */
export interface Scope {
  readonly dialect: Dialect
  readonly indexes: Indexes
  readonly tenant: string
  /** The resource type's name. */
  readonly type: string
  /** The rows that terms about members and groups are about. */
  readonly sets: RowSets
  /** Called when keys are about to be used. */
  readonly usesKeys: () => void
  /** The check that statements need: none as long as no keys are used. */
  readonly guard: () => KeysGuard
}

/** True if the keys of an attribute say all that there is of it; whoever asks uses them then. */
export function hasKeys({ indexes, type, usesKeys }: Scope, path: string): boolean {
  if (!indexes.has(type, path) || isMade(path)) return false
  usesKeys()
  return true
}

/**
 * True for attributes that are not as they stand in the document, if they do at all, but are made from columns and other
 * rows. Keys come from documents, so they know nothing of these, whatever a host has named in `indexes`.
 */
export function isMade(path: string): boolean {
  return path === 'id' || path === managerName || made.some((whole) => path === whole || path.startsWith(`${whole}.`))
}

const made: readonly string[] = ['meta', 'members', 'groups']
const managerName = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.displayName'
