import type { Member, MembersNeed } from '@scimkit/core/provider'
import { sql } from 'kysely'
import type { Row, Statement } from '../../driver/driver.js'
import { yieldToEventLoop } from '../../driver/event-loop-yield.js'
import type { Reader } from '../../reading/reader.js'
import { memberOf, rowsText } from '../../reading/rows.js'
import { compilable } from '../../statement/compilable.js'
import { passing, slotNamed } from '../../statement/template.js'
import type { Store } from '../../store/store.js'
import { membersByKey } from './members-by-key.js'

/** Some resources, and the members of each that the filter needs. */
export interface Part {
  readonly rows: readonly Row[]
  readonly members: ReadonlyMap<number, readonly Member[]>
  /** The total number of members, for the limit of a scan. */
  readonly read: number
}

const membersAtOnce = 2_000

/**
 * The resources in their order, in parts with few enough members to be in memory together. A single group is read with all its
 * members, up to the number that exceeds the limit of the scan.
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
    // A filter names only few members.
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
    const members = isMany ? await membersOf(store, part[0]) : await ask(store, reader.membersOfRows(chosen, need))
    yield { rows: part, members: byGroup(members), read: members.length }
  }
}

/** The members of one group, `membersAtOnce` with each statement, up to the number that exceeds the limit of the scan. */
async function membersOf({ driver, dialect, scanLimit }: Store, group: Row | undefined): Promise<readonly Row[]> {
  const { row_id = null } = group ?? {}
  const statement = passing<{ seq: number }>(
    compilable(
      dialect,
      sql`select m.seq, m.group_row, m.member_id, m.member_type, r.type, r.display from (
          select c.seq, c.group_row, c.tenant, c.member_id, c.member_type from scim_members as c
          where c.group_row = ${row_id} and c.seq > ${slotNamed<number>('seq')} order by c.seq limit ${sql.lit(membersAtOnce)}
        ) as m left join scim_resources as r on r.tenant = m.tenant and r.id = m.member_id order by m.seq`,
    ),
  )
  const found: Row[] = []
  for (let seq = -1; found.length <= scanLimit; ) {
    const [rows = []] = await driver.read([statement({ seq })])
    for (const row of rows) found.push(row)
    if (rows.length < membersAtOnce) break
    seq = Number(rows.at(-1)?.seq)
    await yieldToEventLoop()
  }
  return found.slice(0, scanLimit + 1)
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
