import { sql } from 'kysely'
import type { Dialect } from '../../dialect/dialect.js'
import { oncePerDialect } from '../../dialect/once-per-dialect.js'
import type { Statement } from '../../driver/driver.js'
import { compilable } from '../../statement/compilable.js'
import { type Template, template } from '../../statement/template.js'

/** Finds members of groups by the keys of their ids. */
export type MembersByKey = (tenant: string, rows: readonly number[], keys: readonly string[]) => Statement

/**
 * The members that a filter names, of the groups in these rows. A filter compares ids in NFC; the stored ids may have another form.
 * Groups may be large, so the statement uses the index over members: `+ 0` prevents the planner from using the index over groups.
 */
export const membersByKey: (dialect: Dialect) => MembersByKey = oncePerDialect(build)

function build(dialect: Dialect): MembersByKey {
  const { inList, jsonTexts, jsonRows } = dialect
  const statement: Template<{ tenant: string; rows: string; keys: string }> = template((slot) =>
    compilable(
      dialect,
      sql`select m.group_row, m.member_id, m.member_type, r.type, r.display
        from scim_members as m left join scim_resources as r on r.tenant = m.tenant and r.id = m.member_id
        where m.tenant = ${slot('tenant')} and ${inList(sql`m.member_key`, jsonTexts(slot('keys')))}
          and ${inList(sql`m.group_row + 0`, jsonRows(slot('rows'), { row_id: 'integer' }))}
        order by m.group_row, m.seq`,
    ),
  )
  return (tenant, rows, keys) =>
    statement({ tenant, rows: JSON.stringify(rows.map((row) => [row])), keys: JSON.stringify(keys) })
}
