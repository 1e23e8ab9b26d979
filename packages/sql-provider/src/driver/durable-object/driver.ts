/**
 * SQLite inside a Durable Object. Every unit is synchronous and the object has one thread, so no other request runs between
 * its statements. The platform holds each response of the object until the writes before it are durable (its output gate), and
 * sends no response if they cannot be made durable. So an acknowledged write is on disk when a client sees the response.
 */
import { troubleOf } from '../d1/errors.js'
import { failureOf } from '../d1/failure.js'
import { mostParameters } from '../d1/limits.js'
import type { Driver, Row, RunStatements, Statement, Step, WriteEnd } from '../driver.js'
import { callAtOnce, HostError, sqliteHost } from '../host-code.js'
import { embeddedLists } from '../list-work.js'
import { StoreFailure } from '../store-failure.js'
import type { DurableObjectStorage } from './storage.js'

/** A driver on the storage of the object in which it runs. */
export function durableObjectDriver(storage: DurableObjectStorage): Driver {
  function rowsOf({ sql, parameters }: Statement): readonly Row[] {
    return storage.sql.exec(sql, ...parameters).toArray() as readonly Row[]
  }

  function runStep(step: Step): void {
    const rows = rowsOf(step)
    step.returned?.(rows)
    if (!step.mustChange) return
    // The cursor only reports the rows of indexes and tables together.
    const [counted] = rowsOf(changes)
    if (counted?.changes === 0) throw new Missed()
  }

  /** Runs `work` as one transaction. Rethrows errors of `work`; throws a StoreFailure with unknown outcome if COMMIT fails. */
  function transaction<Result>(work: () => Result): Result {
    let isAtCommit = false
    try {
      return storage.transactionSync(() => {
        const result = work()
        isAtCommit = true
        return result
      })
    } catch (error) {
      throw isAtCommit ? unknownOutcome(error) : error
    }
  }

  const run: RunStatements = async (...statements) => {
    try {
      return transaction(() => statements.map(rowsOf)).at(-1) ?? []
    } catch (error) {
      // The write of the request has not begun.
      throw failureOf(error)
    }
  }

  return {
    dialect: 'sqlite',
    maxParameters: mostParameters,
    lists: embeddedLists(),

    read(statements) {
      try {
        return statements.map(rowsOf)
      } catch (error) {
        throw failureOf(error)
      }
    },

    write(steps, hostCode): WriteEnd {
      try {
        transaction(() => {
          steps.forEach(runStep)
          if (hostCode !== undefined) callAtOnce(hostCode, sqliteHost, rowsOf)
        })
        return 'written'
      } catch (error) {
        return endOf(error)
      }
    },

    // A transaction cannot wait, so a schema change is a series of transactions; another request may run between two.
    exclusive: (work) => work(run),

    close() {},
  }
}

/** Rolls a transaction back: a step that must change a row has changed none. */
class Missed extends Error {
  constructor() {
    super('no row changed')
    this.name = 'Missed'
  }
}

const changes: Statement = { sql: 'select changes() as changes', parameters: [], lasting: true }

/** How a write ended whose transaction was rolled back. Throws a StoreFailure if the store failed. */
function endOf(error: unknown): WriteEnd {
  if (error instanceof Missed) return 'missed'
  if (error instanceof StoreFailure || error instanceof HostError) throw error
  const trouble = troubleOf(error)
  switch (trouble) {
    case 'taken':
      return 'taken'
    case 'guard':
      return 'missed'
    case 'busy':
    case 'tooLarge':
    case 'full':
    case 'rejected':
    case 'lost':
    case 'failed':
      throw failureOf(error)
  }
}

function unknownOutcome(error: unknown): StoreFailure {
  return new StoreFailure(error instanceof Error ? error.message : String(error), 'unknown', error)
}
