import type { JsonObject } from '@scimkit/core/json'
import { type RawVersion, type ResourceRef, rawVersion } from '@scimkit/core/provider'
import type { Row } from '../driver/driver.js'

/** One committed change of one resource. */
export interface Change {
  /** Its place in the order of all changes, from 1. Higher than that of every earlier change of the same resource. */
  readonly position: number
  readonly tenant: string
  readonly ref: ResourceRef
  /** The request, or `cascade`: a group lost a member because of the removal of the member. */
  readonly kind: 'create' | 'replace' | 'patch' | 'remove' | 'cascade'
  /** The version before; absent for a create. */
  readonly before?: RawVersion
  /** The version after; absent for a removal. */
  readonly after?: RawVersion
  /** RFC 3339 time in UTC. */
  readonly at: string
  /** The names of the attributes that changed; absent for a create and a removal. */
  readonly changed?: readonly string[]
  /** True if the change ends access: `active` became false, or the resource was removed. */
  readonly deprovisioned: boolean
  /** The caller, as `authenticate` named it. */
  readonly principal?: string
  readonly requestId: string
  /** For a cascade: the resource whose removal was the cause. */
  readonly removed?: ResourceRef
  /**
   * The document after the change, for a removal the last one: `schemas`, `id` and attributes, without `meta`, `members` and derived
   * attributes. Absent for a cascade, and if the outbox has no documents.
   */
  readonly document?: JsonObject
}

/** The change in a row of `scim_outbox`. */
export function changeOf(row: Row): Change {
  const { before, after, changed, principal, removed_type: type, removed_id: id, doc } = row
  return {
    position: Number(row.position),
    tenant: String(row.tenant),
    ref: { type: String(row.type), id: String(row.id) },
    kind: String(row.kind) as Change['kind'],
    ...(typeof before === 'string' && { before: rawVersion(before) }),
    ...(typeof after === 'string' && { after: rawVersion(after) }),
    at: String(row.at),
    ...(typeof changed === 'string' && { changed: JSON.parse(changed) as readonly string[] }),
    deprovisioned: Number(row.deprovisioned) === 1,
    ...(typeof principal === 'string' && { principal }),
    requestId: String(row.request_id ?? ''),
    ...(typeof type === 'string' && { removed: { type, id: String(id) } }),
    ...(typeof doc === 'string' && { document: JSON.parse(doc) as JsonObject }),
  }
}
