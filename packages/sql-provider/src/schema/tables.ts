/**
 * The tables, as the query builder sees them. One schema for every dialect; `migrations.ts` creates it. Text is ordered
 * and compared byte by byte in UTF-8, which is the order of code points.
 */
import type { Generated } from 'kysely'

/** All tables of the provider. Their names begin with `scim_`, so that they can live beside a host's own. */
export interface Tables {
  scim_resources: ResourcesTable
  scim_keys: KeysTable
  scim_members: MembersTable
  scim_meta: MetaTable
  scim_guard: GuardTable
  scim_history: HistoryTable
}

/** One row per resource of every type and tenant. Unique: (tenant, id). */
export interface ResourcesTable {
  /** Grows with every insert and never comes back: the order of lists without `sortBy`. */
  row_id: Generated<number>
  tenant: string
  type: string
  id: string
  /** `exactKey(id)` where that is another text than `id`, as filters compare ids in NFC; mostly null. */
  id_key: string | null
  /** The RawVersion. Every write compares it in its WHERE clause. */
  version: string
  /** The number that the version begins with, so that a cascade can move it in SQL; null for a foreign form. */
  generation: number | null
  /** RFC 3339 text, as the core gave it. */
  created: string
  /** The same as milliseconds since 1970, for filters and sorting. */
  created_ms: number
  modified: string
  modified_ms: number
  /** The name that the resource goes by in `members.display` and `groups.display`. */
  display: string | null
  /** The id of a user's manager, for `manager.displayName`. */
  manager_id: string | null
  /** The document as JSON text, without `meta`, `members` and anything derived. */
  doc: string
}

/**
 * The values of a resource that can be found by index, several rows for an attribute with several values. A unique
 * value stands here too: (tenant, type, path, unique_key) is unique where `unique_key` is not null.
 */
export interface KeysTable {
  row_id: number
  tenant: string
  type: string
  /** Full canonical path of a simple attribute or sub-attribute: `userName`, `emails.value`, `urn:…:User:department`. */
  path: string
  /** 1 for the one value by which the resource sorts (the primary element's, else the first's). */
  sorts: number
  /** The JSON type of the value: `s`tring, `n`umber, `b`oolean. */
  kind: string
  /** `caseKey` of text, the digits of a number, `true` or `false`. What the index is over. */
  fold: string
  /** `exactKey` of text where it differs from `fold`. */
  exact: string | null
  /** A number; 1 and 0 for true and false; milliseconds since 1970 for text that is a dateTime. */
  number: number | null
  /** The core's unique key, if nobody else in type and tenant may have this value. */
  unique_key: string | null
}

/** One row per member of a group, whether or not anything has that id (yet). Unique: (group_row, member_id). */
export interface MembersTable {
  /** Grows with every membership: the order in which members are shown. */
  seq: Generated<number>
  /** `row_id` of the group. */
  group_row: number
  tenant: string
  member_id: string
  /** `exactKey(member_id)`: what filters compare, and the index for the way from member to group. */
  member_key: string
  /** The type as the client said it; the member's own resource knows better once it is there. */
  member_type: string | null
}

/**
 * One row per change that is remembered of a resource, if the provider keeps a history. Its place is a ring: a change
 * stands where the one so many generations before it stood. Goes with the resource. Key: (row_id, slot).
 */
export interface HistoryTable {
  row_id: number
  /** `generation` modulo the number of changes that are kept. */
  slot: number
  generation: number
  version: string
  /** The version before; null for the insert. */
  previous: string | null
  /** RFC 3339 text, as the core gave it. */
  at: string
  /** The names of the attributes that changed, as a JSON array. */
  changed: string
}

/** Facts about the database itself: `schema` (version of these tables), `indexes` (which attributes have keys). */
export interface MetaTable {
  name: string
  value: string
}

/** Always empty: `CHECK (ok = 1)` lets a statement stop the unit it is in by inserting a 0. */
export interface GuardTable {
  ok: number
}
