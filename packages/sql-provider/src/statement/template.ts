import { type Compilable, type RawBuilder, sql } from 'kysely'
import type { Row, SqlValue, Statement, Step } from '../driver/driver.js'

/** A placeholder for a value that is bound later, with the name of the value. */
class Slot {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }
}

/** A place for a value in a statement that is being built. */
export type SlotFor<Values> = <Name extends keyof Values & string>(name: Name) => RawBuilder<Values[Name]>

/** A statement that was built once; a call with values returns a statement to run. */
export type Template<Values> = (values: Values) => Statement

/**
 * Builds a statement once: Kysely compiles its text now, and each use looks its parameters up by name. Building a statement costs
 * as much as running it, so all statements that do not depend on a request are built like this.
 */
export function template<Values extends { readonly [Name in keyof Values]: SqlValue }>(
  build: (slot: SlotFor<Values>) => Compilable,
): Template<Values> {
  return compiled(
    build((name) => slotNamed(name)),
    true,
  )
}

/** A place for a value in a statement of one request, for {@link passing}. */
export function slotNamed<Value extends SqlValue>(name: string): RawBuilder<Value> {
  return sql`${new Slot(name)}`
}

/** Like {@link template}, for a statement that one request runs several times, with other values in its slots. */
export function passing<Values extends { readonly [Name in keyof Values]: SqlValue }>(
  statement: Compilable,
): Template<Values> {
  return compiled(statement, false)
}

function compiled<Values extends { readonly [Name in keyof Values]: SqlValue }>(
  statement: Compilable,
  lasting: boolean,
): Template<Values> {
  const { sql: text, parameters } = statement.compile()
  return (values) => {
    const bound: SqlValue[] = []
    for (const parameter of parameters) {
      bound.push(parameter instanceof Slot ? values[parameter.name as keyof Values] : (parameter as SqlValue))
    }
    return { sql: text, parameters: bound, lasting }
  }
}

/** A statement of a write that may change nothing. */
export function step(statement: Statement): Step {
  return { ...statement, mustChange: false }
}

/** A statement with RETURNING in a write; `returned` gets its rows. */
export function returningStep(statement: Statement, returned: (rows: readonly Row[]) => void): Step {
  return { ...statement, mustChange: false, returned }
}

/** A statement that decides a write: if it changes no row, the whole write is rolled back. */
export function decisiveStep(statement: Statement): Step {
  return { ...statement, mustChange: true }
}
