import { sql } from 'kysely'
import { compilable } from '../../statement/compilable.js'
import { passing, slotNamed } from '../../statement/template.js'
import { comparedText, type ValueOperator } from '../filter/comparison.js'
import type { Search } from './search.js'

/** The rows of the groups that have a member with this key, in base order. Throws 400 tooMany and a StoreFailure. */
export async function groupRowsOf(search: Search, key: string): Promise<readonly number[]> {
  const { store, scope } = search
  const statement = passing<{ row: number; limit: number }>(
    compilable(
      store.dialect,
      sql`select distinct m.group_row as row_id from scim_members as m
        where m.tenant = ${scope.tenant} and m.member_key = ${key} and m.group_row > ${slotNamed<number>('row')}
        order by m.group_row limit ${slotNamed<number>('limit')}`,
    ),
  )
  const found: number[] = []
  const pace = search.pace({ cost: 1 })
  for (;;) {
    const { isLast, result } = await pace.portion(async (size) => {
      const rows = await search.ask(statement({ row: found.at(-1) ?? -1, limit: size }))
      return { rows: rows.length, isLast: rows.length < size, result: rows }
    })
    search.budget.spend(result.length)
    for (const { row_id } of result) found.push(Number(row_id))
    if (isLast) return found
  }
}

/**
 * The rows of the groups that have a member for which the comparison is true: reads every membership of the tenant. Throws 400
 * tooMany and a StoreFailure.
 */
export async function groupRowsWith(search: Search, operator: ValueOperator, key: string): Promise<Iterable<number>> {
  const { store, scope } = search
  const { dialect } = store
  const statement = passing<{ member: string; row: number; limit: number }>(
    compilable(
      dialect,
      sql`select m.member_key, m.group_row, case when ${comparedText(dialect, operator, sql`m.member_key`, key)} then 1 else 0 end as holds
        from scim_members as m
        where m.tenant = ${scope.tenant} and (m.member_key, m.group_row) > (${slotNamed<string>('member')}, ${slotNamed<number>('row')})
        order by m.member_key, m.group_row limit ${slotNamed<number>('limit')}`,
    ),
  )
  const found = new Set<number>()
  const pace = search.pace({ cost: 1 })
  for (let at = { member: '', row: -1 }; ; ) {
    const { isLast, result } = await pace.portion(async (size) => {
      const rows = await search.ask(statement({ ...at, limit: size }))
      return { rows: rows.length, isLast: rows.length < size, result: rows }
    })
    search.budget.spend(result.length)
    for (const { group_row, holds } of result) if (Number(holds) === 1) found.add(Number(group_row))
    const last = result.at(-1)
    if (last === undefined || isLast) return found
    at = { member: String(last.member_key), row: Number(last.group_row) }
  }
}
