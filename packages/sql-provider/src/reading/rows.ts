/** Converts rows of the tables to the types of the provider interface. */
import { isObject, type JsonValue } from '@scimkit/core/json'
import {
  type GroupMembership,
  type Member,
  type ResourceRef,
  rawVersion,
  type StoredMeta,
} from '@scimkit/core/provider'
import type { Row, SqlValue } from '../driver/driver.js'

/** The columns of a resource that reads need, with its row. */
export const resourceColumns = [
  'r.row_id',
  'r.type',
  'r.id',
  'r.version',
  'r.created',
  'r.modified',
  'r.manager_id',
  'r.doc',
] as const

/** A stored document and its metadata, without members and derived attributes. */
export type StoredText = StoredMeta & { readonly json: string }

/** A row of {@link resourceColumns} as a stored resource. */
export function storedOf(row: Row): StoredText {
  return {
    ref: refOf(row),
    version: rawVersion(String(row.version)),
    created: String(row.created),
    lastModified: String(row.modified),
    json: String(row.doc),
  }
}

function refOf({ type, id }: Row): ResourceRef {
  return { type: String(type), id: String(id) }
}

/** A row of a membership, with the current type and name of its resource, if that exists. */
export function memberOf({ member_id, member_type, type, display }: Row): Member {
  const known = textOf(type) ?? textOf(member_type)
  const name = textOf(display)
  return {
    value: String(member_id),
    ...(known !== undefined && { type: known }),
    ...(name !== undefined && { display: name }),
  }
}

/** A row of a group that a resource is in. */
export function membershipOf({ id, display }: Row, type: GroupMembership['type']): GroupMembership {
  const name = textOf(display)
  return { value: String(id), ...(name !== undefined && { display: name }), type }
}

/** The `displayName` in the text of a document. "The displayName of the user's manager": no other name is a substitute. */
export function displayNameIn(json: SqlValue | undefined): string | undefined {
  if (typeof json !== 'string') return undefined
  const document = JSON.parse(json) as JsonValue
  return isObject(document) && typeof document.displayName === 'string' ? document.displayName : undefined
}

/** Row numbers as the JSON parameter of a statement. */
export function rowsText(rows: readonly number[]): string {
  return JSON.stringify(rows.map(String))
}

function textOf(value: SqlValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}
