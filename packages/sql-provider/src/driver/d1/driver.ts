/**
 * Cloudflare D1: SQLite behind a network, without transactions but with batches. A batch commits completely or not at all,
 * but a statement that changes no row does not stop it. So each step that must change a row is followed by a guard: if the
 * step changed no row, the guard inserts a row that `scim_guard` rejects, and the rejection rolls the batch back.
 */
import type { InTransaction } from '@scimkit/core/provider'
import { sql } from 'kysely'
import { sqliteDialect } from '../../dialect/sqlite.js'
import { pauses } from '../back-off.js'
import { type CallBudget, callBudget, callsPerRequestFrom } from '../call-budget.js'
import type { Driver, Row, Statement, Step, WriteEnd } from '../driver.js'
import { callAndWait, HostError, sqliteHost } from '../host-code.js'
import { remoteLists } from '../list-work.js'
import { type D1Database, type D1Session, type D1Statement, rowsOf } from './database.js'
import { answerWithin } from './deadline.js'
import { isConstraintOfHost, troubleOf } from './errors.js'
import { failureOf } from './failure.js'
import { ensureWithinLimits, mostParameters } from './limits.js'

/** How D1 is used. */
export interface D1DriverOptions {
  /**
   * Milliseconds in which a read that D1 lost is repeated, before the answer is 503. A write is never repeated: no error of D1
   * proves that a lost write was not committed. Default 2,000.
   */
  readonly retryMilliseconds?: number
  /** Milliseconds that D1 may take for an answer, before the request ends with 503. Default 30,000, the limit of D1. */
  readonly answerMilliseconds?: number
  /**
   * Most calls that one request may make to D1, at least 40. Cloudflare permits 1,000 queries for each invocation of a Worker
   * on the paid plan and 50 on the free plan, where 45 is a good value. Beyond the limit, a list is 400 tooMany, and a write
   * that has not been sent is rejected. Default 900: the code of the host needs some calls too.
   */
  readonly callsPerRequest?: number
  /**
   * True: a read replica, which may not have the last writes yet, may answer reads that check no precondition and lead to no
   * write: lists, and GET without preconditions. Resources that a replica does not find are read from the primary. Default
   * false: the primary answers every read.
   */
  readonly replicas?: boolean
}

const defaultCallsPerRequest = 900

// In a Worker, one request cannot wait for the end of another request: Workers bind the I/O behind a promise to its request.
const mostLists = Number.POSITIVE_INFINITY

type CountCalls = Pick<CallBudget, 'read' | 'write'>

const uncounted: CountCalls = { read() {}, write() {} }

/**
 * A driver on a D1 binding that the host owns. Only drivers from `forRequest` count calls. Throws a TypeError if `replicas`
 * is true and the binding has no `withSession`, and for an invalid `callsPerRequest`.
 */
export function d1Driver(db: D1Database, options: D1DriverOptions = {}, calls: CountCalls = uncounted): Driver {
  const { replicas = false } = options
  const callsPerRequest = callsPerRequestFrom(options.callsPerRequest ?? defaultCallsPerRequest)
  if (replicas && typeof db.withSession !== 'function') {
    throw new TypeError('replicas: expected a D1 binding with withSession()')
  }
  // One session per read: the statements of a read see one state, and the next read need not wait for that state.
  const replica = (): Driver => sessionDriver(db.withSession?.('first-unconstrained') ?? db, options, calls)
  return {
    ...sessionDriver(db, options, calls),
    ...(replicas && { replica }),
    forRequest() {
      const counted = callBudget(callsPerRequest)
      return { ...d1Driver(db, options, counted), calls: counted }
    },
  }
}

/** A driver on a binding or a session of it. `calls` counts each call before it is made, and throws at the limit. */
function sessionDriver(db: D1Session, options: D1DriverOptions, calls: CountCalls): Driver {
  const { retryMilliseconds = 2_000, answerMilliseconds = 30_000 } = options

  function prepared({ sql, parameters }: Statement): D1Statement {
    const statement = db.prepare(sql)
    return parameters.length === 0 ? statement : statement.bind(...parameters)
  }

  /** One call: the rows of each statement. */
  async function run(statements: readonly Statement[]): Promise<readonly (readonly Row[])[]> {
    const [only, second] = statements
    if (only === undefined) return []
    if (second === undefined) return [rowsOf(await prepared(only).all())]
    return (await db.batch(statements.map(prepared))).map(rowsOf)
  }

  /** One call. */
  const once = async (statements: readonly Statement[]): Promise<readonly (readonly Row[])[]> => {
    ensureWithinLimits(statements)
    return answerWithin(answerMilliseconds, () => run(statements))
  }

  /** One call that only reads, repeated if it was lost. */
  async function ask(statements: readonly Statement[]): Promise<readonly (readonly Row[])[]> {
    const pause = pauses({ milliseconds: retryMilliseconds })
    for (;;) {
      calls.read()
      try {
        return await once(statements)
      } catch (error) {
        if (troubleOf(error) !== 'lost' || !(await pause())) throw error
      }
    }
  }

  return {
    dialect: 'sqlite',
    maxParameters: mostParameters,
    isolatesRequests: true,
    isRemote: true,
    lists: remoteLists(mostLists),

    async read(statements) {
      try {
        return await ask(statements)
      } catch (error) {
        throw failureOf(error)
      }
    },

    async write(steps, hostCode): Promise<WriteEnd> {
      const ofHost = hostCode === undefined ? [] : await statementsOf(hostCode)
      calls.write()
      try {
        const statements: readonly (Step | Statement)[] = [...withGuards(steps), ...ofHost]
        const answers = await once(statements)
        for (const [number, statement] of statements.entries()) {
          if ('returned' in statement) statement.returned?.(answers[number] ?? [])
        }
        return 'written'
      } catch (error) {
        if (ofHost.length > 0 && isConstraintOfHost(error)) throw new HostError(error)
        const trouble = troubleOf(error)
        switch (trouble) {
          case 'taken':
            return 'taken'
          case 'guard':
            return 'missed'
          case 'lost':
          case 'failed':
            throw failureOf(error, 'unknown')
          case 'busy':
          case 'tooLarge':
          case 'full':
          case 'rejected':
            throw failureOf(error)
        }
      }
    },

    // D1 has no lock that outlives a batch, so several processes may run `work` at the same time.
    exclusive: (work) =>
      work(async (...statements) => {
        calls.read()
        try {
          return (await once(statements)).at(-1) ?? []
        } catch (error) {
          // The write of the request has not begun.
          throw failureOf(error)
        }
      }),

    close() {},
  }
}

/** The statements of the host's code. They join the batch, so it does not see their results. */
async function statementsOf(hostCode: InTransaction): Promise<readonly Statement[]> {
  const statements: Statement[] = []
  await callAndWait(hostCode, sqliteHost, async (statement) => {
    statements.push(statement)
    return []
  })
  return statements
}

function withGuards(steps: readonly Step[]): readonly (Step | Statement)[] {
  return steps.flatMap((step) => (step.mustChange ? [step, guard] : [step]))
}

/** `changes()` counts the rows of the previous statement in the same batch. */
const guard: Statement = refuseIfUnchanged()

function refuseIfUnchanged(): Statement {
  const { builder: db } = sqliteDialect
  const unchanged = db.selectNoFrom(sql.lit(0).as('ok')).where(sql`changes()`, '=', sql.lit(0))
  const { sql: text } = db.insertInto('scim_guard').columns(['ok']).expression(unchanged).compile()
  return { sql: text, parameters: [], lasting: true }
}
