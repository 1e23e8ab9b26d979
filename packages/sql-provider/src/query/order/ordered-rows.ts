/** Lists without a filter in the order of an index: every page near the beginning costs the same as the first one. */
import type { CompareKey, KeysetPosition } from '@scimkit/core/provider'
import { type RawBuilder, sql } from 'kysely'
import type { Statement } from '../../driver/driver.js'
import { compilable } from '../../statement/compilable.js'
import { passing } from '../../statement/template.js'
import { test } from '../filter/condition.js'
import type { Search } from '../search/search.js'
import { walk } from '../search/walk.js'
import { walkStatements } from '../search/walk-statements.js'
import { type Indexed, sortsBy } from './ordering.js'
import { boundKey, comparePlaces, placeOf } from './places.js'

/** The first `limit` positions of the order, or the first ones after a position. */
export async function orderedPlaces(
  search: Search,
  ordering: Indexed,
  limit: number,
  after?: KeysetPosition,
): Promise<readonly KeysetPosition[]> {
  if (ordering.kind === 'column') return withKey(search, ordering, limit, after)
  const keysFirst = !ordering.descending
  const isInKeys = after === undefined ? keysFirst : after.key !== undefined
  const part = (keys: boolean) => (keys ? withKey : withoutKey)
  const first = await part(isInKeys)(search, ordering, limit, after)
  if (isInKeys !== keysFirst || first.length >= limit) return first
  return [...first, ...(await part(!isInKeys)(search, ordering, limit - first.length))]
}

/** Equal keys are in base order in both directions, so the rows with the key of the position need a statement of their own. */
async function withKey(
  search: Search,
  ordering: Indexed,
  limit: number,
  after?: KeysetPosition,
): Promise<readonly KeysetPosition[]> {
  const ask = async (statement: Statement): Promise<readonly KeysetPosition[]> =>
    (await search.turn(() => search.ask(statement))).map((row) => placeOf(row, ordering))
  const key = after?.key
  const equal =
    after === undefined || key === undefined ? [] : await ask(equals(search, ordering, key, after.order, limit))
  const left = limit - equal.length
  if (left === 0) return equal
  const rest = await ask(beyond(search, ordering, key, left))
  if (!ordering.descending) return [...equal, ...rest]
  // An index that is read backwards also has equal keys backwards, and the limit may have cut off some of the last key.
  const last = rest.length < left ? undefined : rest.at(-1)?.key
  const whole = rest.filter((place) => last === undefined || place.key !== last)
  const cut =
    last === undefined ? [] : await ask(equals(search, ordering, last, Number.MIN_SAFE_INTEGER, left - whole.length))
  return [...equal, ...whole.sort(comparePlaces(true)), ...cut]
}

/** The resources without a key, in base order. */
async function withoutKey(
  search: Search,
  ordering: Extract<Indexed, { kind: 'keys' }>,
  limit: number,
  after?: KeysetPosition,
): Promise<readonly KeysetPosition[]> {
  const hasNone = test(
    sql`not exists (select 1 from scim_keys as k where k.row_id = r.row_id and ${sortsBy(ordering)})`,
  )
  const places: KeysetPosition[] = []
  await walk(
    search,
    walkStatements(search, hasNone, sql`r.row_id`),
    { after: after?.order ?? 0 },
    (rows) => {
      for (const row of rows) places.push(placeOf(row, ordering))
      return places.length >= limit
    },
    { free: true },
  )
  return places.slice(0, limit)
}

function equals(search: Search, ordering: Indexed, key: CompareKey, after: number, limit: number): Statement {
  const { row } = columnsOf(ordering)
  return statement(search, ordering, sql`${ordering.key} = ${boundKey(key)} and ${row} > ${after}`, sql`${row}`, limit)
}

function beyond(search: Search, ordering: Indexed, key: CompareKey | undefined, limit: number): Statement {
  const { row } = columnsOf(ordering)
  const { descending } = ordering
  const place = key === undefined ? sql`1 = 1` : sql`${ordering.key} ${descending ? sql`<` : sql`>`} ${boundKey(key)}`
  const order = descending ? sql`${ordering.key} desc, ${row} desc` : sql`${ordering.key}, ${row}`
  return statement(search, ordering, place, order, limit)
}

function statement(
  { store, scope }: Search,
  ordering: Indexed,
  place: RawBuilder<unknown>,
  order: RawBuilder<unknown>,
  limit: number,
): Statement {
  const guard = scope.guard()
  const { row, from, where } = columnsOf(ordering)
  const { tenant, type } = scope
  const alias = sql.ref(from)
  return passing(
    compilable(
      store.dialect,
      sql`select ${row} as row_id, ${ordering.key} as sort_key from ${ordering.kind === 'keys' ? sql`scim_keys as k` : sql`scim_resources as r`}
        where ${alias}.tenant = ${tenant} and ${alias}.type = ${type}${where} and ${place}${guard.and}
        order by ${order} limit ${guard.limit(sql`${limit}`)}`,
    ),
  )({})
}

function columnsOf(ordering: Indexed): { row: RawBuilder<unknown>; from: 'k' | 'r'; where: RawBuilder<unknown> } {
  return ordering.kind === 'keys'
    ? { row: sql`k.row_id`, from: 'k', where: sql` and ${sortsBy(ordering)}` }
    : { row: sql`r.row_id`, from: 'r', where: sql`` }
}
