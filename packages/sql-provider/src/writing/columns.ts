import { documentText, type JsonObject } from '@scimkit/core/json'
import { exactKey, generationOf, instantOf, managerIdOf, type Next, type ResourceRef } from '@scimkit/core/provider'

/** The columns of `scim_resources` that a write sets. */
export interface WrittenColumns {
  readonly version: string
  readonly generation: number | null
  readonly modified: string
  readonly modified_ms: number
  readonly display: string | null
  readonly manager_id: string | null
  readonly doc: string
}

/** The columns for the next state of a resource. */
export function columnsOf(next: Next): WrittenColumns {
  return {
    version: next.version,
    generation: generationOf(next.version) ?? null,
    modified: next.at,
    modified_ms: instantOf(next.at) ?? 0,
    display: displayOf(next.resource),
    manager_id: managerIdOf(next.resource) ?? null,
    doc: documentText(next.resource),
  }
}

/** The `id_key` of a new resource: only ids that are not in NFC need one. */
export function idKeyOf({ id }: ResourceRef): string | null {
  const key = exactKey(id)
  return key === id ? null : key
}

// The name of a resource in other resources (RFC 7643 §4.2, `members.display`).
function displayOf({ displayName, userName }: JsonObject): string | null {
  if (typeof displayName === 'string') return displayName
  return typeof userName === 'string' ? userName : null
}
