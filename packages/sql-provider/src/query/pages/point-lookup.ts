/**
 * `userName eq "ada"`: identity providers send this query before every write. The statement is built once, because building it
 * costs more than running it.
 */
import { caseKey, type Query } from '@scimkit/core/provider'
import { sql } from 'kysely'
import type { Statement } from '../../driver/driver.js'
import { resourceColumns } from '../../reading/rows.js'
import { type Template, template } from '../../statement/template.js'
import type { Store } from '../../store/store.js'
import { isExact } from '../filter/key-terms.js'
import { hasKeys, type Scope } from '../filter/scope.js'
import { keysGuard } from './keys-guard.js'

/** The statement for a query that is a single lookup, with one row more than its page; undefined for any other query. */
export type PointLookup = (scope: Scope, query: Query) => Statement | undefined

/** Creates the lookups of a store. */
export function pointLookups(store: Omit<Store, 'driver'>): PointLookup {
  const folded = statement(store, false)
  const exact = statement(store, true)
  return (scope, { filter, sort, page }) => {
    const { tenant, type } = scope
    if (filter?.kind !== 'compare' || filter.operator !== 'eq' || typeof filter.key !== 'string') return undefined
    if (sort !== undefined || 'after' in page || page.startIndex > 1 || page.count < 1) return undefined
    const leaf = filter.path.known ? filter.path.compared : undefined
    if (leaf === undefined || !isText(leaf.type) || !hasKeys(scope, leaf.path)) return undefined
    const values = { tenant, type, path: leaf.path, key: filter.key, fold: filter.key, count: lookedUp(page.count) }
    return isExact(leaf) ? exact({ ...values, fold: caseKey(filter.key) }) : folded(values)
  }
}

// Names and external ids usually match one resource. With more matches, the list code computes better how many fit on a page.
const mostLookedUp = 4

/** How many resources a lookup reads for a page: if it finds fewer, they are all matches. */
export function lookedUp(count: number): number {
  return Math.min(count + 1, mostLookedUp)
}

function isText(type: string): boolean {
  return type === 'string' || type === 'reference' || type === 'binary'
}

interface PointLookupValues {
  readonly tenant: string
  readonly type: string
  readonly path: string
  readonly fold: string
  readonly key: string
  readonly count: number
}

function statement(store: Omit<Store, 'driver'>, isExactly: boolean): Template<PointLookupValues> {
  const { builder: db } = store.dialect
  const guard = keysGuard(store)
  return template((slot) => {
    const keys = db
      .selectFrom('scim_keys as k')
      .distinct()
      .select('k.row_id')
      .where('k.tenant', '=', slot('tenant'))
      .where('k.type', '=', slot('type'))
      .where('k.path', '=', slot('path'))
      .where('k.fold', '=', slot('fold'))
      .where('k.kind', '=', sql.lit('s'))
      // In the order of the index: for a value that all resources have, only as many rows are read as the page needs.
      .orderBy('k.row_id')
      .limit(slot('count'))
    return db
      .selectFrom('scim_resources as r')
      .select(resourceColumns)
      .where(
        sql<boolean>`r.row_id in ${isExactly ? keys.where(sql`coalesce(k.exact, k.fold)`, '=', slot('key')) : keys}${guard.and}`,
      )
      .orderBy('r.row_id')
      .limit(guard.limit(slot('count')))
  })
}
