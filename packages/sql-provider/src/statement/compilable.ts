import type { Compilable, RawBuilder } from 'kysely'
import type { Dialect } from '../dialect/dialect.js'

/** SQL of the `sql` tag as the input of a template. */
export function compilable({ builder }: Dialect, raw: RawBuilder<unknown>): Compilable {
  return { compile: () => raw.compile(builder) }
}
