/** The host's code in a unit of work: its statements, its errors, and the end of its access to the unit. */
import { type InTransaction, isThenable, type Unit } from '@scimkit/core/provider'
import type { Row, SqlValue, Statement } from './driver.js'
import { controlsTransaction } from './transaction-control.js'

/** Ends a unit with the error of the host's code, its cause. Drivers pass it on unchanged: the store has not failed. */
export class HostError extends Error {
  constructor(cause: unknown) {
    super('the code of the host ended the unit of work', { cause })
    this.name = 'HostError'
  }
}

/** The form of a statement that a database takes. */
export interface HostDialect {
  /** The placeholder of the parameter with this number, from 1. */
  placeholder(number: number): string
  /** True if the database takes every value that its own library takes; else only texts, numbers and null. */
  readonly takesAnyValue: boolean
}

/** SQLite and the databases on it. */
export const sqliteHost: HostDialect = { placeholder: () => '?', takesAnyValue: false }
/** PostgreSQL. */
export const postgresHost: HostDialect = { placeholder: (number) => `$${number}`, takesAnyValue: true }

/**
 * Calls the host's code in a unit that cannot wait. Throws a {@link HostError} with what the code throws, with the error of
 * a statement even if the code has caught it, and with a TypeError if the code returns a promise.
 */
export function callAtOnce(code: InTransaction, dialect: HostDialect, run: (statement: Statement) => unknown): void {
  let isOpen = true
  let failed: { readonly error: unknown } | undefined
  const noticed = (statement: Statement): unknown => {
    // SQLite may have rolled back, as for ON CONFLICT ROLLBACK: then a later statement would commit by itself.
    if (failed !== undefined) throw failed.error
    try {
      return run(statement)
    } catch (error) {
      failed ??= { error }
      throw error
    }
  }
  try {
    const result = code(unitOf(dialect, () => isOpen, noticed))
    if (isThenable(result)) {
      // The error below is reported instead of its rejection.
      Promise.resolve(result).catch(() => {})
      throw new TypeError(
        'inTransaction returned a promise; on this store it must be synchronous, because nothing may wait between BEGIN and COMMIT. Nothing was written.',
      )
    }
  } catch (error) {
    throw new HostError(error)
  } finally {
    isOpen = false
  }
  if (failed !== undefined) throw new HostError(failed.error)
}

/**
 * Calls the host's code in a unit that can wait, and waits for its result and for all its statements. Throws a
 * {@link HostError} with what the code throws, and with the error of a statement even if the code has caught it or has not
 * waited for it; but an error of the store itself, after which the unit may be retried, unchanged.
 */
export async function callAndWait(
  code: InTransaction,
  dialect: HostDialect,
  run: (statement: Statement) => Promise<readonly Row[]>,
  isOfStore: (error: unknown) => boolean = () => false,
): Promise<void> {
  let isOpen = true
  const failures: unknown[] = []
  const pending: Promise<unknown>[] = []
  let last: Promise<unknown> = Promise.resolve()
  const noticed = (statement: Statement): Promise<readonly Row[]> => {
    // One after the other, and none after one that failed: SQLite may have rolled back, and it would commit by itself.
    const result = last.then(() => run(statement))
    last = result
    pending.push(result.catch((error: unknown) => failures.push(error)))
    return result
  }
  let thrown: { readonly error: unknown } | undefined
  try {
    await code(unitOf(dialect, () => isOpen, noticed))
  } catch (error) {
    thrown = { error }
  }
  isOpen = false
  await Promise.all(pending)
  const ofStore = failures.find(isOfStore)
  if (ofStore !== undefined) throw ofStore
  if (thrown !== undefined) throw new HostError(thrown.error)
  if (failures.length > 0) throw new HostError(failures[0])
}

function unitOf(dialect: HostDialect, isOpen: () => boolean, run: (statement: Statement) => unknown): Unit {
  return {
    run(work: unknown): never {
      if (!isOpen()) throw new Error('unit.run: the unit of work has ended; wait for each statement in inTransaction')
      return run(statementFrom(work, dialect)) as never
    },
  }
}

function statementFrom(work: unknown, dialect: HostDialect): Statement {
  const statement = read(work, dialect)
  if (controlsTransaction(statement.sql)) {
    throw new TypeError('unit.run: the provider ends the transaction; BEGIN, COMMIT, ROLLBACK and the like are refused')
  }
  return statement
}

function read(work: unknown, dialect: HostDialect): Statement {
  if (isTemplate(work)) {
    const sql = work.texts.reduce((text, part, number) => `${text}${dialect.placeholder(number)}${part}`)
    return { sql, parameters: checked(work.values, dialect), lasting: false }
  }
  if (isStatement(work)) return { sql: work.sql, parameters: checked(work.parameters, dialect), lasting: false }
  throw new TypeError(
    'unit.run: expected a statement, sql`…` or { sql, parameters }; only the memory provider calls functions',
  )
}

function checked(values: readonly unknown[], { takesAnyValue }: HostDialect): readonly SqlValue[] {
  if (takesAnyValue) return values as readonly SqlValue[]
  return values.map((value, at) => {
    if (typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value)) || value === null)
      return value
    throw new TypeError(`unit.run: parameter ${at + 1} is ${describe(value)}; expected a text, a number or null`)
  })
}

function describe(value: unknown): string {
  return value === undefined ? 'undefined' : `a value of type ${typeof value}`
}

function isTemplate(work: unknown): work is { readonly texts: readonly string[]; readonly values: readonly unknown[] } {
  return isRecord(work) && Array.isArray(work.texts) && Array.isArray(work.values)
}

function isStatement(work: unknown): work is { readonly sql: string; readonly parameters: readonly unknown[] } {
  return isRecord(work) && typeof work.sql === 'string' && Array.isArray(work.parameters)
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
