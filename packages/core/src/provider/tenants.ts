/** What a provider stores for each tenant, for the operator of a server: listed, counted, exported, removed. */
import type { JsonObject } from '../json/value.js'
import { httpVersion } from '../versioning/version.js'
import type { Stored } from './provider.js'

/** The tenants of a database. No function of it is for requests: the caller may read and remove everything. */
export interface Tenants {
  /**
   * The names of tenants with resources, idempotency keys or records, by code point, after `after`; at most `count`, 1 to 1,000.
   */
  list(query: { readonly after?: string; readonly count: number }): Promise<readonly string[]>
  /** What is stored for a tenant; undefined if there is nothing. Not from one state: other requests write in between. */
  stats(tenant: string): Promise<TenantStats | undefined>
  /**
   * All resources of a tenant, by type and in the order of their creation, as documents with `meta` and all members. Each document
   * is from one state of its resource; resources that are created or removed meanwhile may be missing. `meta` has no `location`.
   */
  export(tenant: string): AsyncIterable<JsonObject>
  /**
   * Removes all data of a tenant, in portions, with other requests in between. Everything that was committed before the call
   * is gone when it resolves. A write of the tenant that commits during the call either stays as a whole or is removed as a whole, so end
   * the access of its clients first. After an error, call it again: it continues. Nothing is written to the outbox.
   */
  remove(tenant: string, options?: TenantRemovalOptions): Promise<TenantRemoval>
}

/** What is stored for a tenant. */
export interface TenantStats {
  readonly tenant: string
  /** How many resources each type has. */
  readonly resources: Readonly<Record<string, number>>
  /** Memberships of groups. */
  readonly members: number
  /** Length of the documents in UTF-8, without members. */
  readonly documentBytes: number
  /** RFC 3339 time in UTC of the last change of a resource that still exists; absent if there is none. */
  readonly lastModified?: string
  /** Rows of the outbox. */
  readonly outbox: number
  /** Records of hosts, such as connections and tokens. */
  readonly records: number
  /** Idempotency keys of creates. */
  readonly creationKeys: number
}

/** How a tenant is removed. */
export interface TenantRemovalOptions {
  /** The beginnings of the names of facts that belong to the tenant. */
  readonly facts?: readonly string[]
  /** Called after each portion with the counts so far. */
  readonly progress?: (removed: TenantRemoval) => void
}

/** How many rows of each kind were removed by one call. */
export interface TenantRemoval {
  readonly resources: number
  readonly members: number
  /** Changes in the history of resources. */
  readonly history: number
  readonly outbox: number
  /** Deliveries of the outbox that were not finished. */
  readonly deliveries: number
  readonly creationKeys: number
  readonly records: number
  readonly facts: number
}

/** A stored resource as a document of {@link Tenants.export}. */
export function exportedDocument(stored: Stored): JsonObject {
  const { ref, version, created, lastModified, members = [] } = stored
  const document = 'json' in stored ? (JSON.parse(stored.json) as JsonObject) : stored.resource
  return {
    ...document,
    ...(members.length > 0 && { members: members.map((member) => ({ ...member })) }),
    meta: { resourceType: ref.type, created, lastModified, version: httpVersion(version) },
  }
}
