/** The steps to the newest schema as SQL text, for tools that apply migrations themselves. */
import { type Compilable, sql } from 'kysely'
import type { Dialect } from '../dialect/dialect.js'
import type { Indexes } from '../keys/indexes.js'
import { migrations, newestSchema } from './migrations.js'

/**
 * The statements from schema `from` (0: an empty database) to the newest one, each on a line of its own that ends with `;`. Apply
 * them as one unit. They may be applied again; on a database with another schema than these two, the CHECK of `scim_guard` fails,
 * unless an earlier statement fails. Throws a TypeError if there is no step from `from`.
 */
export function printedSchema(dialect: Dialect, indexes: Indexes, from: number): readonly string[] {
  if (!Number.isSafeInteger(from) || from < 0 || from >= newestSchema) {
    throw new TypeError(`from: expected a schema from 0 to ${newestSchema - 1}; the newest is ${newestSchema}`)
  }
  const [first = [], ...others] = migrations.slice(from).map((migration) => migration(dialect))
  const guard = refuseOtherSchemas(dialect, from)
  // An empty database has no table for the guard yet.
  const steps = from === 0 ? [...first, guard, ...others.flat()] : [guard, ...first, ...others.flat()]
  return [...steps, ...notes(dialect, indexes, from)].map(lineOf)
}

function lineOf(statement: Compilable): string {
  const { sql: text, parameters } = statement.compile()
  if (parameters.length > 0) throw new Error(`a statement of a migration has parameters: ${text}`)
  const line = text.replace(/\s*\n\s*/g, ' ')
  // Wrangler splits a trigger at its semicolons unless END is in upper case.
  const trigger = line.replace(/^create trigger (.*) begin (.*) end$/, 'create trigger $1 BEGIN $2 END')
  return `${trigger};`
}

/** Inserts a row that `scim_guard` rejects if the schema is neither the expected one nor the one after these steps. */
function refuseOtherSchemas({ builder: db }: Dialect, from: number): Compilable {
  const known = db
    .selectFrom('scim_meta')
    .select('name')
    .where('name', '=', sql.lit('schema'))
    .$if(from > 0, (query) => query.where('value', 'in', [sql.lit(String(from)), sql.lit(String(newestSchema))]))
    .$if(from === 0, (query) => query.where(sql`cast(value as integer)`, '>', sql.lit(newestSchema)))
  const refused = db
    .selectNoFrom(sql.lit(0).as('ok'))
    .where(({ exists, not }) => (from === 0 ? exists(known) : not(exists(known))))
  return db.insertInto('scim_guard').columns(['ok']).expression(refused)
}

function notes({ builder: db }: Dialect, { signature }: Indexes, from: number): readonly Compilable[] {
  const insert = (name: string, value: string) =>
    db.insertInto('scim_meta').values({ name: sql.lit(name), value: sql.lit(value) })
  const schema = insert('schema', String(newestSchema)).onConflict((conflict) =>
    conflict.column('name').doUpdateSet({ value: sql.lit(String(newestSchema)) }),
  )
  if (from > 0) return [schema]
  // Existing keys may be of other attributes; only the provider can rebuild them.
  return [insert('indexes', signature).onConflict((conflict) => conflict.column('name').doNothing()), schema]
}
