/** The rows that an index has for a filter. */
import { equalityOn, type Filter } from '@scimkit/core/filter'
import { equalityAttributes, equalityKey } from '../rows/indexes.js'
import { directGroups } from '../rows/membership-index.js'
import type { Row } from '../rows/row.js'
import type { Table, TenantStore } from '../rows/tenant-store.js'

/** The candidate rows from an index, in the order of insertion. Undefined if no index applies. */
export function lookUp(store: TenantStore, type: string, table: Table, filter: Filter): readonly Row[] | undefined {
  return (
    byId(store, type, filter) ??
    byEquality(table, filter) ??
    byUniqueKey(table, filter) ??
    byMember(store, type, filter)
  )
}

function byId(store: TenantStore, type: string, filter: Filter): readonly Row[] | undefined {
  const id = equalityOn(filter, 'id')
  if (typeof id !== 'string' || !store.idsComposed) return undefined
  const row = store.byId.get(id)
  return row?.ref.type === type ? [row] : []
}

function byEquality(table: Table, filter: Filter): readonly Row[] | undefined {
  for (const name of equalityAttributes) {
    const key = equalityKey(equalityOn(filter, name))
    if (key !== undefined) return inOrder(table.indexes.equality.get(name)?.get(key))
  }
  return undefined
}

function byUniqueKey(table: Table, filter: Filter): readonly Row[] | undefined {
  for (const [attribute, rows] of table.indexes.unique) {
    const key = equalityOn(filter, attribute)
    if (key === undefined) continue
    const row = rows.get(String(key))
    return row === undefined ? [] : [row]
  }
  return undefined
}

function byMember(store: TenantStore, type: string, filter: Filter): readonly Row[] | undefined {
  const id = equalityOn(filter, 'members.value')
  if (typeof id !== 'string' || !store.idsComposed) return undefined
  return inOrder(directGroups(store.memberships, id)).filter((row) => row.ref.type === type)
}

// A renamed row moves to the end of its Set, so the order of insertion is restored by sorting.
function inOrder(rows: Iterable<Row> = []): readonly Row[] {
  return [...rows].sort((left, right) => left.order - right.order)
}
