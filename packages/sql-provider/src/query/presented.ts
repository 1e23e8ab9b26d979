import type { Page, Stored } from '@scimkit/core'
import type { Row } from '../driver/driver.js'
import type { Reader } from '../reading/reader.js'
import type { Condition } from './condition.js'
import { allColumns } from './filtered-pages.js'
import type { Found } from './found.js'
import type { Search } from './search.js'
import { walk } from './walk.js'
import { walkStatements } from './walk-statements.js'

// How often a page is read again when resources of it change between the documents and their members.
const mostAttempts = 5

/**
 * The page of what was found. A resource that has changed since, so that the condition does not hold any more, is left out,
 * as is one that is gone.
 */
export async function presented(
  search: Search,
  reader: Reader,
  condition: Condition | undefined,
  found: Found,
): Promise<Page> {
  const { total, next } = found
  return {
    resources: await resources(search, reader, condition, found),
    totalResults: total,
    ...(next !== undefined && { next }),
  }
}

async function resources(
  search: Search,
  reader: Reader,
  condition: Condition | undefined,
  { rows: order, read }: Found,
): Promise<readonly Stored[]> {
  const { needs, filter } = search.query
  const { tenant } = search.scope
  if (needs.members === 'none') {
    const rows = inOrder(order, read ?? (await documents(search, condition, order)))
    return reader.dress(rows, needs.derived, tenant)
  }
  for (let attempt = 1; ; attempt++) {
    const rows = inOrder(order, (attempt === 1 ? read : undefined) ?? (await documents(search, condition, order)))
    const stored = await reader.readRows(
      rows.map(({ row_id }) => Number(row_id)),
      needs,
      tenant,
    )
    const there = rows.flatMap(({ row_id, version }) => {
      const resource = stored.get(Number(row_id))
      return resource === undefined ? [] : [{ resource, isSame: resource.version === version }]
    })
    // When others write faster than this reads, what matched a moment ago is shown as it is now.
    if (filter === undefined || attempt === mostAttempts || there.every(({ isSame }) => isSame)) {
      return there.map(({ resource }) => resource)
    }
  }
}

/** The documents in these rows of which the condition still holds. */
async function documents(
  search: Search,
  condition: Condition | undefined,
  order: readonly number[],
): Promise<readonly Row[]> {
  const read: Row[] = []
  const rows = [...order].sort((left, right) => left - right)
  const statements = walkStatements(search, condition, allColumns)
  await walk(search, statements, { rows }, (part) => read.push(...part) < 0, { free: true })
  return read
}

function inOrder(order: readonly number[], read: readonly Row[]): readonly Row[] {
  const byRow = new Map(read.map((row) => [Number(row.row_id), row]))
  return order.flatMap((row) => {
    const found = byRow.get(row)
    return found === undefined ? [] : [found]
  })
}
