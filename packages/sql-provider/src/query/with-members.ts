import type { Member, MembersNeed } from '@scimkit/core'
import type { Row, Statement } from '../driver/driver.js'
import type { Reader } from '../reading/reader.js'
import { memberOf, rowsText } from '../reading/rows.js'
import type { Store } from '../store.js'
import { membersByKey } from './members-seen.js'

/** Some resources, and the members that are looked at of each. */
export interface Part {
  readonly rows: readonly Row[]
  readonly members: ReadonlyMap<number, readonly Member[]>
  /** How many members there are in all, to be counted against the limit of a scan. */
  readonly read: number
}

const membersAtOnce = 5_000

/**
 * The resources in their order, in parts with few enough members to be in memory together. One group alone is read as it
 * is, but for no more members than make the scan give up.
 */
export async function* withMembers(
  store: Store,
  reader: Reader,
  tenant: string,
  rows: readonly Row[],
  need: Exclude<MembersNeed, 'none'>,
): AsyncGenerator<Part> {
  const isNamed = typeof need === 'object' && 'only' in need
  const waiting: (readonly Row[])[] = rows.length === 0 ? [] : [rows]
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    const numbers = part.map(({ row_id }) => Number(row_id))
    // As many as a filter names are few.
    if (isNamed) {
      const members = await ask(store, membersByKey(store.dialect)(tenant, numbers, need.only))
      yield { rows: part, members: byGroup(members), read: 0 }
      continue
    }
    const chosen = rowsText(numbers)
    const [counted] = await ask(store, reader.countMembersOfRows(chosen, membersAtOnce + 1))
    const isMany = Number(counted?.total ?? 0) > membersAtOnce
    if (isMany && part.length > 1) {
      const half = Math.ceil(part.length / 2)
      waiting.push(part.slice(half), part.slice(0, half))
      continue
    }
    const members = await ask(store, reader.membersOfRows(chosen, isMany ? { first: store.scanLimit + 1 } : need))
    yield { rows: part, members: byGroup(members), read: members.length }
  }
}

async function ask(store: Store, statement: Statement): Promise<readonly Row[]> {
  const [rows = []] = await store.driver.read([statement])
  return rows
}

function byGroup(rows: readonly Row[]): ReadonlyMap<number, readonly Member[]> {
  const members = new Map<number, Member[]>()
  for (const row of rows) {
    const list = members.get(Number(row.group_row))
    if (list === undefined) members.set(Number(row.group_row), [memberOf(row)])
    else list.push(memberOf(row))
  }
  return members
}
