/**
 * Cloudflare D1: SQLite behind a network, without transactions but with batches. A batch commits whole or not at all,
 * yet a statement that changes no row does not stop it; so each step that must change a row is followed by a guard that
 * inserts what `scim_guard` refuses if it did not, and the refusal rolls everything back.
 */
import { sql } from 'kysely'
import { dialectOf } from '../dialect.js'
import { pauses } from './back-off.js'
import { type CallBudget, callBudget, callsPerRequestFrom } from './call-budget.js'
import { type D1Database, type D1Session, type D1Statement, rowsOf } from './d1-database.js'
import { answerWithin } from './d1-deadline.js'
import { troubleOf } from './d1-errors.js'
import { failureOf } from './d1-failure.js'
import { ensureWithinLimits, mostParameters } from './d1-limits.js'
import type { Driver, Row, Statement, Step, WriteEnd } from './driver.js'
import { remoteLists } from './list-work.js'

/** How D1 is used. */
export interface D1DriverOptions {
  /**
   * Milliseconds in which a read that D1 lost is repeated, before it is 503. A write is never repeated: no error of D1 proves
   * that a lost one was not made. Default 2,000.
   */
  readonly retryMilliseconds?: number
  /** Milliseconds that D1 may take for an answer, before the request is 503. Default 30,000, D1's own limit. */
  readonly answerMilliseconds?: number
  /**
   * Most calls that one request may make to D1, at least 40. Cloudflare permits 1,000 queries for each invocation of a Worker on the
   * paid plan and 50 on the free plan, where 45 is a good value. Beyond it a list is 400 tooMany, and a write that has
   * not been sent is refused. Default 900: the host's own code needs some too.
   */
  readonly callsPerRequest?: number
  /**
   * True: reads that judge no precondition and lead to no write, which are GETs without preconditions and lists, may be
   * answered by a read replica, from a state before the last writes. What a replica does not find is looked for in the
   * primary. Default false: everything is asked of the primary.
   */
  readonly replicas?: boolean
}

const defaultCallsPerRequest = 900

// In a Worker one request cannot wait for another one to end: Workers tie what a promise waits for to its request.
const mostLists = Number.POSITIVE_INFINITY

type CountCalls = Pick<CallBudget, 'read' | 'write'>

const uncounted: CountCalls = { read() {}, write() {} }

/**
 * A driver on a D1 binding, which stays the host's. It counts calls only in what `forRequest` gives. Throws a TypeError if
 * `replicas` is true and the binding has no `withSession`, and for a `callsPerRequest` that cannot be.
 */
export function d1Driver(db: D1Database, options: D1DriverOptions = {}, calls: CountCalls = uncounted): Driver {
  const { replicas = false } = options
  const callsPerRequest = callsPerRequestFrom(options.callsPerRequest ?? defaultCallsPerRequest)
  if (replicas && typeof db.withSession !== 'function') {
    throw new TypeError('replicas: expected a D1 binding with withSession()')
  }
  // A session for each read: it makes the statements of one read agree, and the next one need not wait for its state.
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

    async write(steps): Promise<WriteEnd> {
      calls.write()
      try {
        await once(withGuards(steps, guard))
        return 'written'
      } catch (error) {
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

    // Nothing of D1 lasts longer than a batch, so nobody can be kept out: `work` is done by whoever comes, side by side.
    exclusive: (work) =>
      work(async (...statements) => {
        calls.read()
        try {
          return (await once(statements)).at(-1) ?? []
        } catch (error) {
          // The write that a request is about has not begun.
          throw failureOf(error)
        }
      }),

    close() {},
  }
}

function withGuards(steps: readonly Step[], guard: Statement): readonly Statement[] {
  return steps.flatMap((step) => (step.mustChange ? [step, guard] : [step]))
}

/** `changes()` is of the statement before, in the same batch. */
const guard: Statement = refuseIfUnchanged()

function refuseIfUnchanged(): Statement {
  const { builder: db } = dialectOf('sqlite')
  const unchanged = db.selectNoFrom(sql.lit(0).as('ok')).where(sql`changes()`, '=', sql.lit(0))
  const { sql: text } = db.insertInto('scim_guard').columns(['ok']).expression(unchanged).compile()
  return { sql: text, parameters: [], lasting: true }
}
