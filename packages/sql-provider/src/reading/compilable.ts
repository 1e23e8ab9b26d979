import type { Compilable, RawBuilder } from 'kysely'
import type { Dialect } from '../dialect.js'

/** SQL written with the `sql` tag, as something that a template can be made of. */
export function compilable({ builder }: Dialect, raw: RawBuilder<unknown>): Compilable {
  return { compile: () => raw.compile(builder) }
}
