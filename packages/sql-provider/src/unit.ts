/** Statements of the host in the unit of work of a write: `@scimkit/sql-provider/unit`. */
import type { UnitTemplate, UnitValue } from '@scimkit/core/provider'

export type { InTransaction, Unit, UnitRow, UnitStatement, UnitTemplate, UnitValue } from '@scimkit/core/provider'

/**
 * A statement for `unit.run`, for every database: the values become parameters, never text of the statement.
 * @example
 * ```ts
 * import { createScim, noAuthentication } from '@scimkit/core'
 * import { sqliteProvider } from '@scimkit/sql-provider/sqlite'
 * import { sql } from '@scimkit/sql-provider/unit'
 *
 * const scim = createScim({
 *   provider: sqliteProvider('people.db'),
 *   authenticate: noAuthentication(),
 *   hooks: {
 *     User: {
 *       inTransaction({ deprovisioned, ref }, unit) {
 *         if (deprovisioned) return unit.run(sql`delete from sessions where user_id = ${ref.id}`)
 *       },
 *     },
 *   },
 * })
 * ```
 */
export function sql(texts: TemplateStringsArray, ...values: readonly UnitValue[]): UnitTemplate {
  return { texts, values }
}
