/** The members of a group, directly or through nested groups. */
import { sql } from 'kysely'
import { rowsText } from '../../reading/rows.js'
import { compilable } from '../../statement/compilable.js'
import { numbersIn } from '../../statement/numbers-in.js'
import { passing, slotNamed } from '../../statement/template.js'
import { unionAll } from '../../statement/union-all.js'
import { rowsWithId } from '../filter/column-terms.js'
import type { Search } from './search.js'

/**
 * The rows below the groups with this key. Each group is followed once, and a group is not below itself. Several groups may have
 * the same key. Throws 400 tooMany and a StoreFailure.
 */
export async function rowsBelow(search: Search, key: string): Promise<Iterable<number>> {
  const { store, scope } = search
  const tops = passing(compilable(store.dialect, unionAll(rowsWithId(scope, sql`${key}`))))({})
  const found = new Set<number>()
  for (const { row_id } of await search.turn(() => search.ask(tops))) {
    const top = Number(row_id)
    for (const row of await walkDown(search, top)) if (row !== top) found.add(row)
  }
  return found
}

async function walkDown(search: Search, top: number): Promise<ReadonlySet<number>> {
  const found = new Set([top])
  const parents = parentsAmong(search)
  const members = membersOf(search)
  for (let level: readonly number[] = [top]; level.length > 0; ) {
    const next: number[] = []
    for (const group of await parents(level)) {
      for await (const rows of members(group)) {
        for (const row of rows) {
          if (found.has(row)) continue
          found.add(row)
          next.push(row)
        }
      }
    }
    level = next
  }
  return found
}

/** The rows that have members. */
function parentsAmong(search: Search): (rows: readonly number[]) => Promise<readonly number[]> {
  const { dialect } = search.store
  const statement = passing<{ rows: string }>(
    compilable(
      dialect,
      sql`select r.row_id from scim_resources as r
        where ${dialect.inList(sql`r.row_id`, sql`(${numbersIn(dialect, slotNamed<string>('rows'))})`)}
          and exists (select 1 from scim_members as m where m.group_row = r.row_id)
        order by r.row_id`,
    ),
  )
  const pace = search.pace({ cost: 1 })
  return async (rows) => {
    const found: number[] = []
    for (let at = 0; at < rows.length; ) {
      const { rows: looked } = await pace.portion(async (size) => {
        const part = rows.slice(at, at + size)
        for (const { row_id } of await search.ask(statement({ rows: rowsText(part) }))) found.push(Number(row_id))
        return { rows: part.length, isLast: at + size >= rows.length, result: undefined }
      })
      at += looked
      search.budget.spend(looked)
    }
    return found
  }
}

/** The rows of the existing members of a group, in portions. */
function membersOf(search: Search): (group: number) => AsyncGenerator<readonly number[]> {
  const { store, scope } = search
  const { dialect } = store
  const isMember = sql<boolean>`i.tenant = ${scope.tenant} and i.id = down.member_id`
  const resource = dialect.leftLookup('scim_resources', 'i', 'row_id', isMember)
  const statement = passing<{ group: number; seq: number; limit: number }>(
    compilable(
      dialect,
      // The limit is on the memberships, so that memberships without an existing resource count too.
      sql`select down.seq, i.row_id from (
          select c.seq, c.member_id from scim_members as c
          where c.group_row = ${slotNamed<number>('group')} and c.seq > ${slotNamed<number>('seq')}
          order by c.seq limit ${slotNamed<number>('limit')}
        ) as down left join ${resource.table} as i on ${resource.on}
        order by down.seq`,
    ),
  )
  const pace = search.pace({ cost: 1 })
  return async function* (group) {
    for (let seq = -1; ; ) {
      const { isLast, result } = await pace.portion(async (size) => {
        const rows = await search.ask(statement({ group, seq, limit: size }))
        return { rows: rows.length, isLast: rows.length < size, result: rows }
      })
      search.budget.spend(result.length)
      yield result.flatMap(({ row_id }) => (row_id === null ? [] : [Number(row_id)]))
      if (isLast) return
      seq = Number(result.at(-1)?.seq)
    }
  }
}
