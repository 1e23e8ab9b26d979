/**
 * The types of the tables, for the query builder. One schema for every dialect; `schema/migrations.ts` creates it. Text is ordered and
 * compared byte by byte in UTF-8, which is the order of code points.
 */
import type { Generated } from 'kysely'

/** All tables of the provider. Their names begin with `scim_`, so that they can share a database with the host's tables. */
export interface Tables {
  scim_resources: ResourcesTable
  scim_keys: KeysTable
  scim_members: MembersTable
  scim_meta: MetaTable
  scim_guard: GuardTable
  scim_history: HistoryTable
  scim_creation_keys: CreationKeysTable
  scim_outbox: OutboxTable
  scim_deliveries: DeliveriesTable
  scim_records: RecordsTable
}

/** One row per resource of every type and tenant. Unique: (tenant, id). */
export interface ResourcesTable {
  /** Increases with every insert and is never reused: the order of lists without `sortBy`. */
  row_id: Generated<number>
  tenant: string
  type: string
  id: string
  /** `exactKey(id)` if it differs from `id`, because filters compare ids in NFC; usually null. */
  id_key: string | null
  /** The RawVersion. Every write compares it in its WHERE clause. */
  version: string
  /** The number at the begin of the version, so that a cascade can increase it in SQL; null for a version in another format. */
  generation: number | null
  /** RFC 3339 text from the core. */
  created: string
  /** The same as milliseconds since 1970, for filters and sorting. */
  created_ms: number
  modified: string
  modified_ms: number
  /** The name of the resource in `members.display` and `groups.display`. */
  display: string | null
  /** The id of a user's manager, for `manager.displayName`. */
  manager_id: string | null
  /** The document as JSON text, without `meta`, `members` and derived attributes. */
  doc: string
}

/**
 * The indexed values of a resource, several rows for an attribute with several values. Unique values are here too: (tenant, type,
 * path, unique_key) is unique where `unique_key` is not null.
 */
export interface KeysTable {
  row_id: number
  tenant: string
  type: string
  /** Full canonical path of a simple attribute or sub-attribute: `userName`, `emails.value`, `urn:…:User:department`. */
  path: string
  /** 1 for the one value that is the sort key of the resource (of the primary element, else of the first). */
  sorts: number
  /** The JSON type of the value: `s`tring, `n`umber, `b`oolean. */
  kind: string
  /** The indexed form: `caseKey` of text, the digits of a number, `true` or `false`. */
  fold: string
  /** `exactKey` of text if it differs from `fold`. */
  exact: string | null
  /** A number; 1 and 0 for true and false; milliseconds since 1970 for text that is a dateTime. */
  number: number | null
  /** The core's unique key, if no other resource of the type and tenant may have this value. */
  unique_key: string | null
}

/** One row per member of a group, also if no resource has that id (yet). Unique: (group_row, member_id). */
export interface MembersTable {
  /** Increases with every membership: the order of members in responses. */
  seq: Generated<number>
  /** `row_id` of the group. */
  group_row: number
  tenant: string
  member_id: string
  /** `exactKey(member_id)`: filters compare it, and it is indexed to find the groups of a member. */
  member_key: string
  /** The type from the client; the type of the member's own resource is used instead if that resource exists. */
  member_type: string | null
}

/**
 * One row per kept change of a resource, if the provider keeps a history. The rows are a ring buffer: a change replaces the
 * oldest one in its slot. Deleted with the resource. Key: (row_id, slot).
 */
export interface HistoryTable {
  row_id: number
  /** `generation` modulo the number of changes that are kept. */
  slot: number
  generation: number
  version: string
  /** The previous version; null for the insert. */
  previous: string | null
  /** RFC 3339 text from the core. */
  at: string
  /** The names of the attributes that changed, as a JSON array. */
  changed: string
}

/**
 * One row per create with an idempotency key, for as long as the key is valid; it stays when the resource is removed.
 * Unique: (tenant, principal, key).
 */
export interface CreationKeysTable {
  seq: Generated<number>
  tenant: string
  /** The caller; empty if it has no name. */
  principal: string
  key: string
  /** Of the request, without its password. */
  digest: string
  type: string
  id: string
  /** The version that the insert stored. */
  version: string
  /** RFC 3339 text from the core. */
  at: string
  /** The same as milliseconds since 1970. */
  at_ms: number
}

/** One row for each committed change of a resource, if the provider has an outbox; written in the unit of the change. */
export interface OutboxTable {
  /** In the order of the inserts, which is not the order of the commits. Of two changes of one resource, the later has the higher. */
  seq: Generated<number>
  /** The place in the order of readers: assigned by the first reader that sees the row; null until then. */
  position: number | null
  /** `row_id` of the resource, also after its removal: it identifies the resource in `scim_deliveries`. */
  row_id: number
  tenant: string
  type: string
  id: string
  /** `create`, `replace`, `patch`, `remove`, or `cascade` for a group that lost a member because of its removal. */
  kind: string
  /** The version before; null for a create. */
  before: string | null
  /** The version after; null for a removal. */
  after: string | null
  /** RFC 3339 text from the core. */
  at: string
  /** The names of the attributes that changed, as a JSON array; null for a create and a removal. */
  changed: string | null
  /** 1 if the change ends access. */
  deprovisioned: number
  principal: string | null
  request_id: string | null
  /** For a cascade: the resource whose removal was the cause. */
  removed_type: string | null
  removed_id: string | null
  /** The document after the change, of a removal the last one, as JSON text; null if documents are not kept. */
  doc: string | null
}

/** One row for each change that a consumer has received and not finished. Key: (position, consumer). */
export interface DeliveriesTable {
  consumer: string
  position: number
  /** Deliveries of one lane are delivered in order: the `row_id` of the resource. One that is retried by hand has its own. */
  lane: number
  /** `waiting`, also while a handler has it; `blocked` by an earlier one of its lane; or `dead` after the last attempt. */
  state: string
  /** How many times a handler was called or is about to be. */
  attempts: number
  /** When a process may take it, in milliseconds since 1970 by the clock of the database: the end of a pause or of a lease. */
  due: number
  /** The token of the process that holds the lease; null while there is none. */
  owner: string | null
  /** The last error of the handler. */
  error: string | null
}

/** One row for each record of a host, such as a token. Unique: (kind, id). */
export interface RecordsTable {
  kind: string
  id: string
  /** Empty for a record of the whole server. */
  tenant: string
  /** Counts the changes of the record. Every write compares it in its WHERE clause. */
  revision: number
  /** Milliseconds since 1970; null if the record stays. */
  expires: number | null
  /** JSON text. */
  value: string
}

/** Metadata of the database: `schema` (version of these tables), `indexes` (the attributes with keys); and facts of hosts. */
export interface MetaTable {
  name: string
  value: string
}

/** Always empty: with `CHECK (ok = 1)`, a statement rolls its unit back by inserting a 0. */
export interface GuardTable {
  ok: number
}
