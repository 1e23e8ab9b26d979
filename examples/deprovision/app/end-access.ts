/** The application's part in each write of a user: it commits with the write, or neither is stored. */
import { type ChangeHooks, scimError } from '@scimkit/core'
import type { User } from '@scimkit/core/schema'
import { sql, type UnitRow } from '@scimkit/sql-provider/unit'

type Document = Pick<User, 'active' | 'roles'>

/** Keeps `accounts` equal to the users, ends sessions and tokens, and protects the last administrator. */
export const endAccess: ChangeHooks<User> = {
  inTransaction({ ref, before, after, deprovisioned }, unit) {
    if (after === undefined) {
      // The row remains: invoices and comments refer to it.
      unit.run(sql`update accounts set active = 0, admin = 0 where id = ${ref.id}`)
    } else {
      unit.run(sql`insert into accounts (id, user_name, active, admin)
        values (${ref.id}, ${after.userName}, ${Number(isActive(after))}, ${Number(isAdmin(after))})
        on conflict (id) do update set user_name = excluded.user_name, active = excluded.active, admin = excluded.admin`)
    }
    if (deprovisioned) {
      unit.run(sql`delete from sessions where account = ${ref.id}`)
      unit.run(sql`delete from tokens where account = ${ref.id}`)
    }
    if (before !== undefined && isActive(before) && isAdmin(before)) {
      const [first] = unit.run(
        sql`select id from accounts where active = 1 and admin = 1 limit 1`,
      ) as readonly UnitRow[]
      if (first === undefined) {
        throw scimError.forbidden(
          `${before.userName} is the last administrator. Make another user an administrator first.`,
        )
      }
    }
  },
}

function isActive({ active }: Document): boolean {
  return active !== false
}

function isAdmin({ roles }: Document): boolean {
  return roles?.some(({ value }) => value === 'admin') === true
}
