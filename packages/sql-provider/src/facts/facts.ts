import type { Compilable } from 'kysely'
import type { SqlValue, Statement } from '../driver/driver.js'
import { prefixEnd } from '../statement/prefix-end.js'
import { decisiveStep } from '../statement/template.js'
import type { Guarded } from '../store/guarded.js'
import type { Store } from '../store/store.js'

/**
 * A few named texts that a host keeps in the same database as the resources: a hash of its token, a setting that all its
 * processes share. Like resources, they change only by compare-and-swap.
 */
export interface Facts {
  /** The text with this name; undefined if there is none. */
  read(name: string): Promise<string | undefined>
  /**
   * Writes `next` if the stored text is `expected` (undefined: no text yet); true if it did. Of several concurrent swaps, one
   * succeeds.
   */
  swap(name: string, expected: string | undefined, next: string): Promise<boolean>
  /** Removes the text if it is `expected`; true if it did. */
  remove(name: string, expected: string): Promise<boolean>
  /** The first `count` facts whose names begin with `prefix` and come after `after`, by code point; for reading in portions. */
  list(prefix: string, after: string, count: number): Promise<readonly Fact[]>
}

/** One fact: its name and its text. */
export interface Fact {
  readonly name: string
  readonly text: string
}

/** The beginning of the names of the facts of hosts, in `scim_meta`. */
export const factsPrefix = 'host.'

/** The owner of facts. Each owner has its own namespace. */
export type FactsOwner = 'host' | 'provider'

/** The facts of a database. They are stored in `scim_meta`. */
export function factsIn(
  { dialect: { builder: db }, driver }: Store,
  guarded: Guarded,
  owner: FactsOwner = 'host',
): Facts {
  const statementOf = (query: Compilable): Statement => {
    const { sql, parameters } = query.compile()
    return { sql, parameters: parameters as readonly SqlValue[], lasting: true }
  }
  const ownName = (name: string): string => `${owner}.${name}`

  return {
    read: (name) =>
      guarded(async () => {
        const query = db.selectFrom('scim_meta').select('value').where('name', '=', ownName(name))
        const [rows = []] = await driver.read([statementOf(query)])
        const value = rows[0]?.value
        return value === undefined ? undefined : String(value)
      }),
    swap: (name, expected, next) =>
      guarded(async () => {
        const query =
          expected === undefined
            ? db
                .insertInto('scim_meta')
                .values({ name: ownName(name), value: next })
                .onConflict((conflict) => conflict.column('name').doNothing())
            : db
                .updateTable('scim_meta')
                .set({ value: next })
                .where('name', '=', ownName(name))
                .where('value', '=', expected)
        return (await driver.write([decisiveStep(statementOf(query))])) === 'written'
      }),
    remove: (name, expected) =>
      guarded(async () => {
        const query = db.deleteFrom('scim_meta').where('name', '=', ownName(name)).where('value', '=', expected)
        return (await driver.write([decisiveStep(statementOf(query))])) === 'written'
      }),
    list: (prefix, after, count) =>
      guarded(async () => {
        const end = prefixEnd(ownName(prefix))
        const first = db.selectFrom('scim_meta').select(['name', 'value']).where('name', '>=', ownName(prefix))
        const bounded = end === undefined ? first : first.where('name', '<', end)
        const query = bounded.where('name', '>', ownName(after)).orderBy('name').limit(count)
        const [rows = []] = await driver.read([statementOf(query)])
        return rows.map(({ name, value }) => ({ name: String(name).slice(ownName('').length), text: String(value) }))
      }),
  }
}
